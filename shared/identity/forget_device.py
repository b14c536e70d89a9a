"""A phone is signed out."""

from uuid import UUID

from shared.db.connection import Database
from shared.errors import NotFound
from shared.identity import repository
from shared.ids import UserId


def forget_device(db: Database, user_id: UserId, device_id: UUID) -> None:
    """Send it no more pushes. Raises NotFound."""
    with db.transaction(user_id) as tx:
        if not repository.delete_device(tx, user_id, device_id):
            raise NotFound
