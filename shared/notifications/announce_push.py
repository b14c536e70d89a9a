"""Writes what a user is to be told, in the transaction of what happened."""

from shared.db.connection import Transaction
from shared.identity.has_device import has_device
from shared.ids import SessionId, UserId, new_id
from shared.notifications import repository
from shared.notifications.model import PUSH_QUEUE, NotificationState, PushKind, Settlement
from shared.outbox.announce import announce
from shared.outbox.model import Announcement

_TO_SEND = Settlement(state=NotificationState.PENDING)
_TO_NOBODY = Settlement(state=NotificationState.SKIPPED, reason="no_device")


def announce_push(
    tx: Transaction, user_id: UserId, kind: PushKind, *, ref: str, session_id: SessionId | None = None
) -> list[Announcement]:
    """Tell the user once of the thing named by `ref`; what was announced: nothing, when it is told already.

    A user without any device is not worth a message: the app reads its sessions when it signs in.
    """
    notification_id = new_id()
    settlement = _TO_SEND if has_device(tx, user_id) else _TO_NOBODY
    is_new = repository.insert(
        tx, user_id, notification_id, kind=kind, ref=ref, session_id=session_id, settlement=settlement
    )
    if not is_new or settlement is _TO_NOBODY:
        return []
    return [announce(tx, user_id, PUSH_QUEUE, {"notification_id": str(notification_id)})]
