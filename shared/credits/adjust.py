"""Changes a balance by hand, once for each ref."""

from psycopg.errors import UniqueViolation

from shared.credits import repository
from shared.credits.model import Credits, Reason
from shared.credits.read_standing import read_standing
from shared.db.connection import Transaction
from shared.errors import Conflict, NotFound
from shared.ids import UserId, new_id


def adjust(tx: Transaction, user_id: UserId, amount: Credits, *, ref: str) -> bool:
    """Give `amount`, or take it when negative; False when this was done before.

    Raises:
        NotFound: there is no such user.
        Conflict: more is to be taken than there is, or `ref` stands for another amount.
    """
    if not repository.lock_balance(tx, user_id):
        raise NotFound
    before = repository.find_entry(tx, user_id, reason=Reason.ADJUSTMENT, ref=ref)
    if before is not None:
        if before.amount != amount:
            raise _differs()
        return False
    try:
        left = repository.change_balance(
            tx, user_id, new_id(), amount=amount, least=max(-amount, 0), reason=Reason.ADJUSTMENT, ref=ref
        )
    except UniqueViolation as error:  # it adjusted somebody else, whose rows are not looked at here
        raise _differs() from error
    if left is None:
        balance = read_standing(tx, user_id).credits
        raise Conflict(f"The user has {balance} credits; no more can be taken.", code="balance_too_small")
    return True


def _differs() -> Conflict:
    return Conflict("This id named another adjustment before.", code="adjustment_differs")
