"""Moves a balance once for each reason and ref, however often and however many at once it is asked for."""

from shared.credits import repository
from shared.credits.model import Credits, Reason
from shared.db.connection import Transaction
from shared.errors import NotFound
from shared.ids import UserId, new_id


def change_once(tx: Transaction, user_id: UserId, amount: Credits, *, reason: Reason, ref: str) -> bool:
    """Add `amount` (negative: take it, if need be as a debt); False when this was done before. Raises NotFound.

    The lock on the balance comes before the look at the ledger: whoever waited for it sees what the other wrote.
    """
    if not repository.lock_balance(tx, user_id):
        raise NotFound
    if repository.find_entry(tx, user_id, reason=reason, ref=ref) is not None:
        return False
    repository.change_balance(tx, user_id, new_id(), amount=amount, least=0, reason=reason, ref=ref)
    return True
