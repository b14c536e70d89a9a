"""SQL about the jobs and steps of all users. Needs the system role."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from psycopg.rows import class_row, kwargs_row

from shared.db.backlog import Backlog
from shared.db.connection import Transaction
from shared.jobs.model import StepCount, StepKind, StepState, StuckStep


def _count(**row: Any) -> StepCount:
    row["kind"], row["state"] = StepKind(row["kind"]), StepState(row["state"])
    return StepCount(**row)


def _stuck(**row: Any) -> StuckStep:
    row["kind"], row["state"] = StepKind(row["kind"]), StepState(row["state"])
    return StuckStep(**row)


def steps_by_kind_and_state(tx: Transaction, *, ended_within: timedelta) -> Sequence[StepCount]:
    """Unfinished steps, and those that ended of late: two index scans, however many steps there are."""
    with tx.cursor(row_factory=kwargs_row(_count)) as cursor:
        return cursor.execute(
            """
            SELECT kind, state, count(*) AS count,
                   extract(epoch FROM now() - min(changed_at))::float AS oldest_seconds
            FROM job_steps
            WHERE state IN ('waiting', 'ready', 'running')
            GROUP BY kind, state
            UNION ALL
            SELECT kind, state, count(*), NULL
            FROM job_steps
            WHERE state IN ('completed', 'skipped', 'failed') AND changed_at > now() - %(ended_within)s
            GROUP BY kind, state
            ORDER BY kind, state
            """,
            {"ended_within": ended_within},
        ).fetchall()


def unfinished_jobs(tx: Transaction) -> Backlog:
    """Jobs that have not ended, by the time they were created."""
    with tx.cursor(row_factory=class_row(Backlog)) as cursor:
        found = cursor.execute(
            """
            SELECT count(*) AS count, extract(epoch FROM now() - min(created_at))::float AS oldest_seconds
            FROM ai_jobs
            WHERE status IN ('pending', 'processing')
            """
        ).fetchone()
    return found or Backlog(count=0, oldest_seconds=None)


def stuck(tx: Transaction, *, after: timedelta, upload_after: timedelta, limit: int) -> Sequence[StuckStep]:
    """Steps nobody has moved although they were due, unleased, or past the deadline of their upload."""
    with tx.cursor(row_factory=kwargs_row(_stuck)) as cursor:
        return cursor.execute(
            """
            SELECT id, user_id, session_id, kind, state, reason, attempts, correlation_id,
                   extract(epoch FROM now() - changed_at)::float AS age_seconds
            FROM job_steps
            WHERE state IN ('waiting', 'ready', 'running')
              AND CASE
                    WHEN state <> 'waiting' THEN greatest(changed_at, due_at, lease_until) < now() - %(after)s
                    WHEN reason = 'upload' THEN changed_at < now() - %(upload_after)s
                    ELSE false
                  END
            ORDER BY changed_at, id
            LIMIT %(limit)s
            """,
            {"after": after, "upload_after": upload_after, "limit": limit},
        ).fetchall()


def any_underway(tx: Transaction, *, lately: timedelta) -> bool:
    """Whether any user's step is ready or running, or has moved lately."""
    row = tx.execute(
        """
        SELECT EXISTS (SELECT FROM job_steps WHERE state IN ('ready', 'running'))
            OR EXISTS (SELECT FROM job_steps WHERE changed_at > now() - %(lately)s)
        """,
        {"lately": lately},
    ).fetchone()
    return row is not None and row[0]
