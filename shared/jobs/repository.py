"""SQL of jobs."""

from typing import Any

from psycopg.rows import kwargs_row

from shared.db.connection import Transaction
from shared.ids import JobId, SessionId, UserId
from shared.jobs.model import Job, JobStatus


def _job(**row: Any) -> Job:
    row["status"] = JobStatus(row["status"])
    return Job(**row)


def insert_job(tx: Transaction, user_id: UserId, job_id: JobId, session_id: SessionId, credits_used: int) -> None:
    """Create a pending job."""
    tx.execute(
        """
        INSERT INTO ai_jobs (user_id, id, session_id, credits_used)
        VALUES (%(user_id)s, %(id)s, %(session_id)s, %(credits_used)s)
        """,
        {"user_id": user_id, "id": job_id, "session_id": session_id, "credits_used": credits_used},
    )


def find_job(tx: Transaction, user_id: UserId, job_id: JobId) -> Job | None:
    """One job."""
    with tx.cursor(row_factory=kwargs_row(_job)) as cursor:
        return cursor.execute(
            """
            SELECT id, user_id, session_id, status, credits_used
            FROM ai_jobs
            WHERE user_id = %(user_id)s AND id = %(id)s
            """,
            {"user_id": user_id, "id": job_id},
        ).fetchone()


def latest_job(tx: Transaction, user_id: UserId, session_id: SessionId) -> Job | None:
    """The newest job of a session."""
    with tx.cursor(row_factory=kwargs_row(_job)) as cursor:
        return cursor.execute(
            """
            SELECT id, user_id, session_id, status, credits_used
            FROM ai_jobs
            WHERE user_id = %(user_id)s AND session_id = %(session_id)s
            ORDER BY created_at DESC, id DESC
            LIMIT 1
            """,
            {"user_id": user_id, "session_id": session_id},
        ).fetchone()


def jobs_of_session(tx: Transaction, user_id: UserId, session_id: SessionId) -> list[Job]:
    """All jobs of a session, oldest first."""
    with tx.cursor(row_factory=kwargs_row(_job)) as cursor:
        return cursor.execute(
            """
            SELECT id, user_id, session_id, status, credits_used
            FROM ai_jobs
            WHERE user_id = %(user_id)s AND session_id = %(session_id)s
            ORDER BY created_at, id
            """,
            {"user_id": user_id, "session_id": session_id},
        ).fetchall()


def begin_job(tx: Transaction, user_id: UserId, job_id: JobId) -> None:
    """pending -> processing."""
    tx.execute(
        """
        UPDATE ai_jobs
        SET status = 'processing'
        WHERE user_id = %(user_id)s AND id = %(id)s AND status = 'pending'
        """,
        {"user_id": user_id, "id": job_id},
    )


def end_job(tx: Transaction, user_id: UserId, job_id: JobId, status: JobStatus, reason: str | None) -> int | None:
    """Give a job its final status; its age in ms, or None when it had ended before."""
    row = tx.execute(
        """
        UPDATE ai_jobs
        SET status = %(status)s, reason = %(reason)s, completed_at = now()
        WHERE user_id = %(user_id)s AND id = %(id)s AND status IN ('pending', 'processing')
        RETURNING round(extract(epoch FROM clock_timestamp() - created_at) * 1000)::bigint
        """,
        {"user_id": user_id, "id": job_id, "status": status, "reason": reason},
    ).fetchone()
    return None if row is None else row[0]
