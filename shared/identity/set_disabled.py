"""Shuts an account, or opens it again."""

from shared.db.connection import Transaction
from shared.errors import NotFound
from shared.identity import account_repository
from shared.ids import UserId


def set_disabled(tx: Transaction, user_id: UserId, *, is_disabled: bool) -> bool:
    """False when it was so already. Raises NotFound. `tx` is confined to the user.

    From the next request on its user is refused; what is under way for them goes on.
    """
    was_disabled = account_repository.lock_disabled(tx, user_id)
    if was_disabled is None:
        raise NotFound
    if was_disabled == is_disabled:
        return False
    account_repository.set_disabled(tx, user_id, is_disabled=is_disabled)
    return True
