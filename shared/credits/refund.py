"""Gives back what was debited for something, at most once."""

from shared.credits import repository
from shared.credits.change_once import change_once
from shared.credits.model import Credits, Reason
from shared.db.connection import Transaction
from shared.ids import UserId


def refund(tx: Transaction, user_id: UserId, *, ref: str) -> bool:
    """Return the whole debit of `ref`; False when there was none, or it came back already."""
    taken = repository.find_entry(tx, user_id, reason=Reason.SESSION, ref=ref)
    if taken is None:
        return False
    return change_once(tx, user_id, Credits(-taken.amount), reason=Reason.REFUND, ref=ref)
