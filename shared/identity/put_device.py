"""A phone says where pushes reach it."""

from uuid import UUID

from shared.db.connection import Database
from shared.identity import repository
from shared.ids import UserId


def put_device(db: Database, user_id: UserId, device_id: UUID, *, fcm_token: str, platform: str | None) -> None:
    """Register the device, or renew its token; the id is the app's own."""
    with db.transaction(user_id) as tx:
        repository.put_device(tx, user_id, device_id, fcm_token=fcm_token, platform=platform)
