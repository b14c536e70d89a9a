"""Takes the price of processing a session."""

from shared.credits.debit import debit
from shared.credits.model import SESSION_PRICE, falls_low
from shared.db.connection import Transaction
from shared.ids import JobId, new_id
from shared.notifications.announce_push import announce_push
from shared.notifications.model import PushKind
from shared.outbox.model import Announcement
from shared.sessions.model import Session
from shared.values import frozen


@frozen
class Price:
    """A job that is paid for, and what was announced with it."""

    job_id: JobId
    announced: list[Announcement]


def take_price(tx: Transaction, session: Session) -> Price | None:
    """The job that is now paid for; None, and nothing, when the balance is too small. Tells the user of a low one."""
    job_id = JobId(new_id())
    left = debit(tx, session.user_id, SESSION_PRICE, ref=str(job_id))
    if left is None:
        return None
    is_low = falls_low(taken=SESSION_PRICE, left=left)
    announced = announce_push(tx, session.user_id, PushKind.CREDITS_LOW, ref=str(job_id)) if is_low else []
    return Price(job_id=job_id, announced=announced)
