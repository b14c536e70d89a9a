"""The vendor says that a token leads nowhere any more."""

from shared.db.connection import Transaction
from shared.identity import repository
from shared.ids import UserId


def forget_token(tx: Transaction, user_id: UserId, fcm_token: str) -> bool:
    """Forget the device, if this is still its token; False when it has another by now, or signed out."""
    return repository.delete_token(tx, user_id, fcm_token)
