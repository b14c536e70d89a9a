"""A phone is to hear nothing more."""

from uuid import UUID

from shared.db.connection import Transaction
from shared.identity import repository
from shared.ids import UserId


def drop_device(tx: Transaction, user_id: UserId, device_id: UUID) -> bool:
    """Forget its push token; False when there was none."""
    return repository.delete_device(tx, user_id, device_id)
