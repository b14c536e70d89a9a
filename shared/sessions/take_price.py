"""Takes the price of processing a session."""

from shared.credits.debit import debit
from shared.credits.model import SESSION_PRICE
from shared.db.connection import Transaction
from shared.ids import JobId, new_id
from shared.sessions.model import Session


def take_price(tx: Transaction, session: Session) -> JobId | None:
    """The id of the job that is now paid for; None, and nothing, when the balance is too small."""
    job_id = JobId(new_id())
    return job_id if debit(tx, session.user_id, SESSION_PRICE, ref=str(job_id)) else None
