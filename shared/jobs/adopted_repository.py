"""SQL of jobs for sessions that come from elsewhere: many at once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shared.db.connection import Transaction
from shared.ids import JobId, SessionId, UserId

if TYPE_CHECKING:
    from shared.jobs.adopt_jobs import AdoptedStep


def insert_jobs(tx: Transaction, user_id: UserId, jobs: Sequence[tuple[JobId, SessionId, bool]]) -> None:
    """Jobs that cost nothing, each with its session and whether nothing is left to do."""
    tx.execute(
        """
        INSERT INTO ai_jobs (user_id, id, session_id, credits_used, status, completed_at)
        SELECT %(user_id)s, new.id, new.session_id, 0,
               CASE WHEN new.is_done THEN 'completed' ELSE 'pending' END,
               CASE WHEN new.is_done THEN now() END
        FROM unnest(%(ids)s::uuid[], %(session_ids)s::uuid[], %(are_done)s::boolean[]) AS new (id, session_id, is_done)
        """,
        {
            "user_id": user_id,
            "ids": [job_id for job_id, _, _ in jobs],
            "session_ids": [session_id for _, session_id, _ in jobs],
            "are_done": [is_done for _, _, is_done in jobs],
        },
    )


def insert_steps(tx: Transaction, user_id: UserId, steps: Sequence["AdoptedStep"], correlation_id: str | None) -> None:
    """Steps that are due in a while are ready; the others were done elsewhere, and are skipped."""
    tx.execute(
        """
        INSERT INTO job_steps (user_id, id, job_id, session_id, kind, media_id, correlation_id,
                               state, reason, due_at, finished_at, announced_at, announcements)
        SELECT %(user_id)s, new.id, new.job_id, new.session_id, new.kind, new.media_id, %(correlation_id)s,
               CASE WHEN new.due_in IS NULL THEN 'skipped' ELSE 'ready' END,
               CASE WHEN new.due_in IS NULL THEN 'imported' END,
               CASE WHEN new.due_in > interval '0' THEN now() + new.due_in END,
               CASE WHEN new.due_in IS NULL THEN now() END,
               CASE WHEN new.due_in = interval '0' THEN now() END,
               CASE WHEN new.due_in = interval '0' THEN 1 ELSE 0 END
        FROM unnest(%(ids)s::uuid[], %(job_ids)s::uuid[], %(session_ids)s::uuid[], %(kinds)s::text[],
                    %(media_ids)s::uuid[], %(due_in)s::interval[])
          AS new (id, job_id, session_id, kind, media_id, due_in)
        """,
        {
            "user_id": user_id,
            "correlation_id": correlation_id,
            "ids": [step.id for step in steps],
            "job_ids": [step.job_id for step in steps],
            "session_ids": [step.session_id for step in steps],
            "kinds": [str(step.kind) for step in steps],
            "media_ids": [step.media_id for step in steps],
            "due_in": [step.due_in for step in steps],
        },
    )
