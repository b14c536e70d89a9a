"""Creates the job of a session that was paid for."""

from shared.db.connection import Transaction
from shared.ids import JobId, SessionId, UserId
from shared.jobs import repository


def start_job(tx: Transaction, user_id: UserId, session_id: SessionId, job_id: JobId, *, credits_used: int) -> None:
    """A pending job without steps yet; its id is the `ref` of the debit that paid for it."""
    repository.insert_job(tx, user_id, job_id, session_id, credits_used)
