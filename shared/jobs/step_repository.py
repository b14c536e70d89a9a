"""SQL of steps."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from psycopg.rows import kwargs_row

from shared.db.connection import Transaction
from shared.db.selection import Selection
from shared.ids import JobId, MediaId, SessionId, StepId, UserId
from shared.jobs.model import Leaving, NewStep, Step, StepKind, StepState

_STEP = """
  s.id, s.user_id, s.job_id, s.session_id, s.kind, s.media_id, s.block_id, s.state, s.attempts, s.lease_token,
  s.part_index, s.reason, s.provider, s.model, s.provider_ms, s.due_at, s.put_off_since,
  s.correlation_id, s.created_at, s.changed_at
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
        INSERT INTO job_steps (user_id, job_id, session_id, correlation_id, id, kind, media_id, block_id, part_index,
                               reason, state, announced_at, announcements)
        SELECT %(user_id)s, %(job_id)s, %(session_id)s, %(correlation_id)s, new.id, new.kind, new.media_id,
               new.block_id, new.part_index, new.reason,
               CASE WHEN new.reason IS NULL THEN 'ready' ELSE 'waiting' END,
               CASE WHEN new.reason IS NULL THEN now() END,
               CASE WHEN new.reason IS NULL THEN 1 ELSE 0 END
        FROM unnest(%(ids)s::uuid[], %(kinds)s::text[], %(media_ids)s::uuid[], %(block_ids)s::uuid[],
                    %(part_indexes)s::integer[], %(reasons)s::text[])
          AS new (id, kind, media_id, block_id, part_index, reason)
        ON CONFLICT ON CONSTRAINT job_steps_once DO NOTHING
        """,
        {
            "user_id": user_id,
            "job_id": job_id,
            "session_id": session_id,
            "correlation_id": correlation_id,
            "ids": list(ids),
            "kinds": [str(step.kind) for step in steps],
            "media_ids": [step.media_id for step in steps],
            "block_ids": [step.block_id for step in steps],
            "part_indexes": [step.part_index for step in steps],
            "reasons": [step.waits_for for step in steps],
        },
    )


def upsert_step(tx: Transaction, step: dict[str, Any]) -> Step:
    """Create a step, or set the same step of the same job going again."""
    with tx.cursor(row_factory=kwargs_row(_step)) as cursor:
        created = cursor.execute(
            f"""
            INSERT INTO job_steps AS s (user_id, id, job_id, session_id, kind, media_id, block_id, part_index, state,
                                        reason, correlation_id)
            VALUES (%(user_id)s, %(id)s, %(job_id)s, %(session_id)s, %(kind)s, %(media_id)s, %(block_id)s,
                    %(part_index)s, %(state)s, %(reason)s, %(correlation_id)s)
            ON CONFLICT ON CONSTRAINT job_steps_once
            DO UPDATE SET state = excluded.state, reason = excluded.reason, attempts = 0, changed_at = now(),
                          lease_until = NULL, finished_at = NULL, due_at = NULL, put_off_since = NULL,
                          announcements = 0, correlation_id = excluded.correlation_id
            RETURNING {_STEP}
            """,
            step,
        ).fetchone()
    if created is None:
        raise RuntimeError("INSERT ... RETURNING gave no row")
    return created


def steps_of_session(user_id: UserId, session_id: SessionId) -> Selection[Step]:
    """All steps of all jobs of a session, oldest first."""
    return Selection(
        statement=f"""
            SELECT {_STEP}
            FROM job_steps s
            WHERE s.user_id = %(user_id)s AND s.session_id = %(session_id)s
            ORDER BY s.created_at, s.id
            """,
        values={"user_id": user_id, "session_id": session_id},
        row=_step,
    )


def steps_of_job(tx: Transaction, user_id: UserId, session_id: SessionId, job_id: JobId) -> list[Step]:
    """The steps of one job, oldest first."""
    return [step for step in steps_of_session(user_id, session_id).all_of(tx) if step.job_id == job_id]


def find_step(tx: Transaction, user_id: UserId, step_id: StepId) -> Step | None:
    """One step."""
    with tx.cursor(row_factory=kwargs_row(_step)) as cursor:
        return cursor.execute(
            f"SELECT {_STEP} FROM job_steps s WHERE s.user_id = %(user_id)s AND s.id = %(id)s",
            {"user_id": user_id, "id": step_id},
        ).fetchone()


def claim(tx: Transaction, user_id: UserId, step_id: StepId, lease: timedelta) -> Step | None:
    """Take a ready step that is due, or a running one whose lease ran out; None when it is not to be had."""
    with tx.cursor(row_factory=kwargs_row(_step)) as cursor:
        return cursor.execute(
            f"""
            UPDATE job_steps s
            SET state = 'running',
                attempts = s.attempts + 1,
                lease_token = s.lease_token + 1,
                lease_until = now() + %(lease)s,
                changed_at = now(),
                reason = NULL,
                due_at = NULL,
                announcements = 0
            WHERE s.user_id = %(user_id)s AND s.id = %(id)s
              AND ((s.state = 'ready' AND (s.due_at IS NULL OR s.due_at <= now()))
                OR (s.state = 'running' AND s.lease_until < now()))
            RETURNING {_STEP}
            """,
            {"user_id": user_id, "id": step_id, "lease": lease},
        ).fetchone()


def renew_lease(tx: Transaction, step: Step, lease: timedelta) -> bool:
    """Hold a claimed step for longer; False when the lease token is no longer ours."""
    updated = tx.execute(
        """
        UPDATE job_steps
        SET lease_until = now() + %(lease)s
        WHERE user_id = %(user_id)s AND id = %(id)s AND state = 'running' AND lease_token = %(lease_token)s
        """,
        {"user_id": step.user_id, "id": step.id, "lease_token": step.lease_token, "lease": lease},
    )
    return updated.rowcount == 1


def leave(tx: Transaction, step: Step, leaving: Leaving) -> bool:
    """Move a claimed step on; False when the lease token is no longer ours.

    A step that counts and is tried again comes back with the message that woke its worker, so it passes for announced.
    """
    updated = tx.execute(
        """
        UPDATE job_steps
        SET state = %(state)s,
            reason = %(reason)s,
            due_at = now() + %(due_in)s,
            attempts = attempts - CASE WHEN %(counts)s THEN 0 ELSE 1 END,
            announcements = CASE WHEN %(counts)s THEN 1 ELSE 0 END,
            put_off_since = CASE WHEN %(counts)s THEN put_off_since ELSE coalesce(put_off_since, now()) END,
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
            "state": leaving.state,
            "is_final": leaving.state.is_final,
            "reason": leaving.reason,
            "due_in": leaving.due_in,
            "counts": leaving.counts,
            "provider": leaving.provider,
            "model": leaving.model,
            "provider_ms": leaving.provider_ms,
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
    """Let a waiting step begin, with all its tries before it; False when it was not waiting.

    A long recording's step comes here a second time: what it took to find that out says nothing of joining its parts.
    """
    updated = tx.execute(
        """
        UPDATE job_steps
        SET state = 'ready', reason = NULL, attempts = 0, due_at = NULL, put_off_since = NULL, announcements = 0,
            changed_at = now()
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
            WHERE s.user_id = %(user_id)s AND s.media_id = %(media_id)s AND s.state = 'waiting' AND s.reason = 'upload'
            """,
            {"user_id": user_id, "media_id": media_id},
        ).fetchall()


def media_read(
    tx: Transaction, user_id: UserId, session_ids: Sequence[SessionId], kinds: Sequence[StepKind]
) -> set[MediaId]:
    """The files of these sessions that a step of one of these kinds has finished with, in any job."""
    rows = tx.execute(
        """
        SELECT DISTINCT media_id
        FROM job_steps
        WHERE user_id = %(user_id)s AND session_id = ANY (%(session_ids)s) AND kind = ANY (%(kinds)s)
          AND state = 'completed' AND media_id IS NOT NULL
        """,
        {"user_id": user_id, "session_ids": list(session_ids), "kinds": [str(kind) for kind in kinds]},
    ).fetchall()
    return {MediaId(media_id) for (media_id,) in rows}


def mark_announced(tx: Transaction, user_id: UserId, step_ids: Sequence[StepId]) -> None:
    """Remember that a message about each of these steps was written."""
    tx.execute(
        """
        UPDATE job_steps
        SET announced_at = now(), announcements = announcements + 1
        WHERE user_id = %(user_id)s AND id = ANY (%(ids)s)
        """,
        {"user_id": user_id, "ids": list(step_ids)},
    )


def unheard(tx: Transaction, *, first_silence: timedelta, longest_silence: timedelta, limit: int) -> list[Step]:
    """Steps of any user that nobody is at although they are due: their message was lost, or their worker died.

    What has been announced n times since it became ready gets `first_silence` * 2^(n - 1) to be taken, so that a long
    queue is not made longer by its own length. What was not announced at all is due at once. Those whose worker died
    are first, for they have had their turn. System role.
    """
    with tx.cursor(row_factory=kwargs_row(_step)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_STEP}
            FROM job_steps s
            WHERE s.state IN ('ready', 'running')
              AND greatest(s.announced_at, s.changed_at, s.lease_until, s.due_at) < now() - CASE s.announcements
                WHEN 0 THEN interval '0'
                ELSE least(%(first_silence)s * power(2, least(s.announcements, 20) - 1), %(longest_silence)s) END
            ORDER BY s.state = 'ready', s.changed_at
            LIMIT %(limit)s
            """,
            {"first_silence": first_silence, "longest_silence": longest_silence, "limit": limit},
        ).fetchall()


def waiting_longer_than(tx: Transaction, *, age: timedelta, limit: int) -> list[Step]:
    """Reading steps of any user that waited for their file past the deadline. System role."""
    with tx.cursor(row_factory=kwargs_row(_step)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_STEP}
            FROM job_steps s
            WHERE s.state = 'waiting' AND s.reason = 'upload' AND s.changed_at < now() - %(age)s
            ORDER BY s.changed_at
            LIMIT %(limit)s
            """,
            {"age": age, "limit": limit},
        ).fetchall()
