"""Takes the price of a processing, and creates the job it pays for."""

from shared.credits.debit import debit
from shared.credits.model import SESSION_PRICE
from shared.db.connection import Transaction
from shared.ids import JobId, new_id
from shared.jobs.start_job import start_job
from shared.sessions.model import Session


def start_paid_job(tx: Transaction, session: Session) -> JobId | None:
    """A job whose price is taken; None, and nothing, when the balance is too small."""
    job_id = JobId(new_id())
    if not debit(tx, session.user_id, SESSION_PRICE, ref=str(job_id)):
        return None
    start_job(tx, session.user_id, session.id, job_id, credits_used=SESSION_PRICE)
    return job_id
