"""What a user is told, and what becomes of it."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from shared.identity.model import Addressee, Device
from shared.ids import SessionId, UserId
from shared.values import frozen

PUSH_QUEUE = "push"

MAX_ATTEMPTS = 5

LEASE = timedelta(seconds=40)
"""How long a claim holds: longer than the function may run, shorter than its queue's visibility timeout."""

STALE_AFTER = timedelta(hours=24)
"""What could not be told for so long is told by the app itself, which reads its sessions when it is opened."""


class PushKind(StrEnum):
    """What there is to tell."""

    PROCESSED = "processed"
    FAILED = "failed"
    CREDITS_LOW = "credits_low"


class NotificationState(StrEnum):
    """pending -> sent | skipped | failed."""

    PENDING = "pending"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"


class Verdict(StrEnum):
    """What the vendor made of one message. LATER is no end: the device is tried again."""

    SENT = "sent"
    GONE = "gone"
    REFUSED = "refused"
    LATER = "later"


@frozen
class Notification:
    """One thing a user is told, now claimed. `attempts` is the fencing token of the claim."""

    id: UUID
    user_id: UserId
    kind: PushKind
    session_id: SessionId | None
    attempts: int
    is_stale: bool


@frozen
class Push:
    """What goes to a phone. It names the session and holds nothing of it (docs/adr/0019)."""

    notification_id: UUID
    kind: PushKind
    session_id: SessionId | None
    title: str
    body: str


@frozen
class PushAnswer:
    """The vendor's word about one device; `retry_after_seconds` if it asked for a pause."""

    verdict: Verdict
    retry_after_seconds: int | None = None


@frozen
class Settlement:
    """Where a notification stands after a try. While it is pending, `wait_seconds` pass before the next one."""

    state: NotificationState
    reason: str | None = None
    wait_seconds: int | None = None


def reason_to_skip(notification: Notification, addressee: Addressee | None) -> str | None:
    """Why nothing is sent; None when something is."""
    if addressee is None or addressee.is_disabled:
        return "account_disabled"
    wanted = {
        PushKind.PROCESSED: addressee.choices.processed,
        PushKind.FAILED: addressee.choices.failed,
        PushKind.CREDITS_LOW: addressee.choices.credits_low,
    }
    if not wanted[notification.kind]:
        return "muted"
    return "stale" if notification.is_stale else None


def still_to_tell(addressee: Addressee, told: dict[UUID, Verdict]) -> list[Device]:
    """The devices nothing is final about yet."""
    return [device for device in addressee.devices if device.id not in told]


def settle(verdicts: Sequence[Verdict], later: Sequence[PushAnswer], *, attempts: int) -> Settlement:
    """What becomes of a notification: `verdicts` are final, of this try and earlier ones, `later` is to be tried again.

    It was sent if it reached anybody.
    """
    if later and attempts < MAX_ATTEMPTS:
        waits = [answer.retry_after_seconds for answer in later if answer.retry_after_seconds is not None]
        return Settlement(
            state=NotificationState.PENDING, reason="provider_unavailable", wait_seconds=max(waits, default=None)
        )
    if Verdict.SENT in verdicts:
        return Settlement(state=NotificationState.SENT)
    if later:
        return Settlement(state=NotificationState.FAILED, reason="provider_unavailable")
    if Verdict.REFUSED in verdicts:
        return Settlement(state=NotificationState.FAILED, reason="provider_refused")
    return Settlement(state=NotificationState.SKIPPED, reason="no_device")
