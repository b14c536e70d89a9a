"""Creates the job of a session that was paid for."""

from shared.db.connection import Transaction
from shared.ids import JobId, SessionId, UserId, new_id
from shared.jobs import repository


def start_job(tx: Transaction, user_id: UserId, session_id: SessionId, *, credits_used: int) -> JobId:
    """A pending job without steps yet."""
    job_id = JobId(new_id())
    repository.insert_job(tx, user_id, job_id, session_id, credits_used)
    return job_id
