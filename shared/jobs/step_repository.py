"""SQL of steps."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from psycopg.rows import kwargs_row

from shared.db.connection import Transaction
from shared.ids import JobId, MediaId, SessionId, StepId, UserId
from shared.jobs.model import NewStep, Step, StepKind, StepState

_STEP = """
  s.id, s.user_id, s.job_id, s.session_id, s.kind, s.media_id, s.block_id, s.state, s.attempts, s.lease_token,
  s.reason, s.provider, s.model, s.provider_ms, s.correlation_id, s.created_at, s.changed_at
"""


def _step(**row: Any) -> Step:
    row["kind"] = StepKind(row["kind"])
    row["state"] = StepState(row["state"])
    return Step(**row)


def insert_steps(
    tx: Transaction,
    user_id: UserId,
    job_id: JobId,
    session_id: SessionId,
    ids: Sequence[StepId],
    steps: Sequence[NewStep],
    correlation_id: str | None,
) -> None:
    """Create the steps of a new job, in one statement; the ready ones are about to be announced."""
    tx.execute(
        """
        INSERT INTO job_steps (user_id, job_id, session_id, correlation_id, id, kind, media_id, reason, state,
                               announced_at)
        SELECT %(user_id)s, %(job_id)s, %(session_id)s, %(correlation_id)s, new.id, new.kind, new.media_id, new.reason,
               CASE WHEN new.reason IS NULL THEN 'ready' ELSE 'waiting' END,
               CASE WHEN new.reason IS NULL THEN now() END
        FROM unnest(%(ids)s::uuid[], %(kinds)s::text[], %(media_ids)s::uuid[], %(reasons)s::text[])
          AS new (id, kind, media_id, reason)
        """,
        {
            "user_id": user_id,
            "job_id": job_id,
            "session_id": session_id,
            "correlation_id": correlation_id,
            "ids": list(ids),
            "kinds": [str(step.kind) for step in steps],
            "media_ids": [step.media_id for step in steps],
            "reasons": [step.waits_for for step in steps],
        },
    )


def upsert_step(tx: Transaction, step: dict[str, Any]) -> Step:
    """Create a step, or set the same step of the same job going again."""
    with tx.cursor(row_factory=kwargs_row(_step)) as cursor:
        created = cursor.execute(
            f"""
            INSERT INTO job_steps AS s (user_id, id, job_id, session_id, kind, media_id, block_id, state, reason,
                                        correlation_id)
            VALUES (%(user_id)s, %(id)s, %(job_id)s, %(session_id)s, %(kind)s, %(media_id)s, %(block_id)s, %(state)s,
                    %(reason)s, %(correlation_id)s)
            ON CONFLICT (user_id, job_id, kind, media_id, block_id, part_index)
            DO UPDATE SET state = excluded.state, reason = excluded.reason, attempts = 0, changed_at = now(),
                          lease_until = NULL, finished_at = NULL, correlation_id = excluded.correlation_id
            RETURNING {_STEP}
            """,
            step,
        ).fetchone()
    if created is None:
        raise RuntimeError("INSERT ... RETURNING gave no row")
    return created


def steps_of_session(tx: Transaction, user_id: UserId, session_id: SessionId) -> list[Step]:
    """All steps of all jobs of a session, oldest first."""
    with tx.cursor(row_factory=kwargs_row(_step)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_STEP}
            FROM job_steps s
            WHERE s.user_id = %(user_id)s AND s.session_id = %(session_id)s
            ORDER BY s.created_at, s.id
            """,
            {"user_id": user_id, "session_id": session_id},
        ).fetchall()


def steps_of_job(tx: Transaction, user_id: UserId, session_id: SessionId, job_id: JobId) -> list[Step]:
    """The steps of one job, oldest first."""
    return [step for step in steps_of_session(tx, user_id, session_id) if step.job_id == job_id]


def find_step(tx: Transaction, user_id: UserId, step_id: StepId) -> Step | None:
    """One step."""
    with tx.cursor(row_factory=kwargs_row(_step)) as cursor:
        return cursor.execute(
            f"SELECT {_STEP} FROM job_steps s WHERE s.user_id = %(user_id)s AND s.id = %(id)s",
            {"user_id": user_id, "id": step_id},
        ).fetchone()


def claim(tx: Transaction, user_id: UserId, step_id: StepId, lease: timedelta) -> Step | None:
    """Take a ready step, or a running one whose lease ran out; None when it is not to be had."""
    with tx.cursor(row_factory=kwargs_row(_step)) as cursor:
        return cursor.execute(
            f"""
            UPDATE job_steps s
            SET state = 'running',
                attempts = s.attempts + 1,
                lease_token = s.lease_token + 1,
                lease_until = now() + %(lease)s,
                changed_at = now(),
                reason = NULL
            WHERE s.user_id = %(user_id)s AND s.id = %(id)s
              AND (s.state = 'ready' OR (s.state = 'running' AND s.lease_until < now()))
            RETURNING {_STEP}
            """,
            {"user_id": user_id, "id": step_id, "lease": lease},
        ).fetchone()


def leave(
    tx: Transaction,
    step: Step,
    state: StepState,
    *,
    reason: str | None,
    provider: str | None,
    model: str | None,
    provider_ms: int | None,
) -> bool:
    """Move a claimed step on; False when the lease token is no longer ours."""
    updated = tx.execute(
        """
        UPDATE job_steps
        SET state = %(state)s,
            reason = %(reason)s,
            provider = coalesce(%(provider)s, provider),
            model = coalesce(%(model)s, model),
            provider_ms = coalesce(%(provider_ms)s, provider_ms),
            lease_until = NULL,
            changed_at = now(),
            finished_at = CASE WHEN %(is_final)s THEN now() END
        WHERE user_id = %(user_id)s AND id = %(id)s AND state = 'running' AND lease_token = %(lease_token)s
        """,
        {
            "user_id": step.user_id,
            "id": step.id,
            "lease_token": step.lease_token,
            "state": state,
            "is_final": state.is_final,
            "reason": reason,
            "provider": provider,
            "model": model,
            "provider_ms": provider_ms,
        },
    )
    return updated.rowcount == 1


def end_unfinished(tx: Transaction, user_id: UserId, step_ids: list[StepId], state: StepState, reason: str) -> None:
    """End steps nobody needs any more, whoever holds them: a later write of theirs is refused."""
    tx.execute(
        """
        UPDATE job_steps
        SET state = %(state)s, reason = %(reason)s, lease_until = NULL, changed_at = now(), finished_at = now()
        WHERE user_id = %(user_id)s AND id = ANY(%(ids)s) AND state IN ('waiting', 'ready', 'running')
        """,
        {"user_id": user_id, "ids": step_ids, "state": state, "reason": reason},
    )


def make_ready(tx: Transaction, user_id: UserId, step_id: StepId) -> bool:
    """Let a waiting step begin; False when it was not waiting."""
    updated = tx.execute(
        """
        UPDATE job_steps
        SET state = 'ready', reason = NULL, changed_at = now(), announced_at = now()
        WHERE user_id = %(user_id)s AND id = %(id)s AND state = 'waiting'
        """,
        {"user_id": user_id, "id": step_id},
    )
    return updated.rowcount == 1


def waiting_steps_of_media(tx: Transaction, user_id: UserId, media_id: MediaId) -> list[Step]:
    """Steps that wait for this file."""
    with tx.cursor(row_factory=kwargs_row(_step)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_STEP}
            FROM job_steps s
            WHERE s.user_id = %(user_id)s AND s.media_id = %(media_id)s AND s.state = 'waiting'
            """,
            {"user_id": user_id, "media_id": media_id},
        ).fetchall()


def mark_announced(tx: Transaction, user_id: UserId, step_id: StepId) -> None:
    """Remember that a message about this step was written."""
    tx.execute(
        "UPDATE job_steps SET announced_at = now() WHERE user_id = %(user_id)s AND id = %(id)s",
        {"user_id": user_id, "id": step_id},
    )


def unheard(tx: Transaction, *, silent_for: timedelta, limit: int) -> list[Step]:
    """Steps of any user whose message must have been lost: ready or out of lease, silent too long. System role."""
    with tx.cursor(row_factory=kwargs_row(_step)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_STEP}
            FROM job_steps s
            WHERE s.state IN ('ready', 'running')
              AND (s.state = 'ready' OR s.lease_until < now())
              AND greatest(s.announced_at, s.changed_at) < now() - %(silent_for)s
            ORDER BY s.changed_at
            LIMIT %(limit)s
            """,
            {"silent_for": silent_for, "limit": limit},
        ).fetchall()


def waiting_longer_than(tx: Transaction, *, age: timedelta, limit: int) -> list[Step]:
    """Reading steps of any user that waited for their file past the deadline. System role."""
    with tx.cursor(row_factory=kwargs_row(_step)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_STEP}
            FROM job_steps s
            WHERE s.state = 'waiting' AND s.media_id IS NOT NULL AND s.changed_at < now() - %(age)s
            ORDER BY s.changed_at
            LIMIT %(limit)s
            """,
            {"age": age, "limit": limit},
        ).fetchall()
