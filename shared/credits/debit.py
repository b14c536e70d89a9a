"""Takes credits, if there are enough."""

from shared.credits import repository
from shared.credits.model import Credits, Reason
from shared.db.connection import Transaction
from shared.ids import UserId, new_id


def debit(tx: Transaction, user_id: UserId, amount: Credits, *, ref: str) -> Credits | None:
    """Take `amount` for the thing named by `ref`; what is left, or None, and nothing, when it is too little."""
    return repository.change_balance(
        tx, user_id, new_id(), amount=-amount, least=amount, reason=Reason.SESSION, ref=ref
    )
