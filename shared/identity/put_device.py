"""A phone says where pushes reach it."""

from uuid import UUID

from shared.db.connection import Database
from shared.identity import repository
from shared.ids import UserId


def put_device(db: Database, user_id: UserId, device_id: UUID, *, fcm_token: str, platform: str | None) -> None:
    """Register the device, or renew its token; the id is the app's own.

    A phone that changed hands reaches its new user only, also when the earlier one signed out while it was offline.
    """
    with db.transaction(user_id) as tx:
        repository.take_over_token(tx, user_id, fcm_token)
        repository.put_device(tx, user_id, device_id, fcm_token=fcm_token, platform=platform)
