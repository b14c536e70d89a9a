"""Takes back credits that were given: what is left of them, and the rest as a debt."""

from shared.credits.change_once import change_once
from shared.credits.model import Credits, Reason
from shared.db.connection import Transaction
from shared.ids import UserId


def take_back(tx: Transaction, user_id: UserId, amount: Credits, *, reason: Reason, ref: str) -> bool:
    """Take `amount` whatever the balance; False when it was taken back before. Raises NotFound."""
    return change_once(tx, user_id, Credits(-amount), reason=reason, ref=ref)
