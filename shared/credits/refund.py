"""Gives back what was debited for something, at most once."""

from shared.credits import repository
from shared.credits.model import Reason
from shared.db.connection import Transaction
from shared.ids import UserId, new_id


def refund(tx: Transaction, user_id: UserId, *, ref: str) -> bool:
    """Return the whole debit of `ref`; False when there was none, or it came back already.

    The caller holds the session's lock, so two refunds of its job never meet; should they, the
    ledger's UNIQUE constraint rolls the second back.
    """
    taken = repository.find_entry(tx, user_id, reason=Reason.SESSION, ref=ref)
    if taken is None or repository.find_entry(tx, user_id, reason=Reason.REFUND, ref=ref) is not None:
        return False
    return repository.change_balance(tx, user_id, new_id(), delta=-taken.delta, reason=Reason.REFUND, ref=ref)
