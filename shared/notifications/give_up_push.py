"""Ends the notification of a message that no worker could handle. Nothing else hangs on it."""

from uuid import UUID

from shared.db.connection import Database
from shared.ids import UserId
from shared.notifications import repository


def give_up_push(db: Database, *, user_id: UserId, notification_id: UUID) -> None:
    """Fail it if it is still pending, so that a redriven message sends nothing."""
    with db.transaction(user_id) as tx:
        repository.give_up(tx, user_id, notification_id, reason="gave_up")
