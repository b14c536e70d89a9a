"""Sends one notification to every device of its user: claim, send, record.

No transaction is open while the vendor is asked. A death between sending and recording sends again: that push carries
the notification's id as its tag, and takes the first one's place on the phone (docs/adr/0019).
"""

from collections.abc import Sequence
from uuid import UUID

from shared.db.connection import Database, Transaction
from shared.errors import VendorDown
from shared.identity.find_addressee import find_addressee
from shared.identity.forget_token import forget_token
from shared.identity.model import Device
from shared.ids import UserId
from shared.metrics import count
from shared.notifications import repository
from shared.notifications.model import (
    LEASE,
    STALE_AFTER,
    Notification,
    NotificationState,
    Push,
    PushAnswer,
    Settlement,
    Verdict,
    reason_to_skip,
    settle,
    still_to_tell,
)
from shared.notifications.pusher import Pusher
from shared.notifications.wording import compose
from shared.outbox.queue import MAX_DELAY_SECONDS
from shared.switches.is_switched_off import is_switched_off
from shared.switches.model import FCM
from shared.telemetry import log
from shared.values import frozen


@frozen
class _Errand:
    """A notification that is ours to send, and the devices that do not have it yet."""

    notification: Notification
    push: Push
    devices: Sequence[Device]


def send_push(db: Database, pusher: Pusher, *, user_id: UserId, notification_id: UUID) -> None:
    """Send it where it was not sent yet. A repeat, and one that is settled or gone, changes nothing.

    Its message is done with, too, when the vendor asks for a longer pause than a queue holds a message back: waited out
    in several receives, it would end as a dead letter. The sweep announces the push again when it is due.

    Raises:
        VendorDown: some device is to be tried again; or it is not due, for another worker has it, or the vendor
            asked for a pause.
    """
    errand = _claim(db, user_id, notification_id)
    if errand is None:
        return
    answers = pusher.push(errand.push, [device.fcm_token for device in errand.devices])
    with db.transaction(user_id) as tx:
        settlement = _record(tx, errand, answers)
    _tell_operators(errand, answers, settlement)
    if settlement.state is NotificationState.PENDING:
        _give_back("A phone could not be reached.", settlement.wait_seconds)


def _claim(db: Database, user_id: UserId, notification_id: UUID) -> _Errand | None:
    """What is to be sent, now ours; None when there is nothing to send by this message."""
    with db.transaction(user_id) as tx:
        if is_switched_off(tx, FCM):
            log.warning("push waits for its vendor to be switched on", extra={"notification_id": str(notification_id)})
            return None  # the sweep announces it again; so many receives would make a dead letter of it
        notification = repository.claim(tx, user_id, notification_id, lease=LEASE, stale_after=STALE_AFTER)
        if notification is not None:
            return _prepare(tx, notification)
        seconds = repository.seconds_until_due(tx, user_id, notification_id)
    if seconds is not None:
        _give_back("The push is another worker's, or has to wait.", seconds)
    return None


def _give_back(why: str, wait_seconds: int | None) -> None:
    if wait_seconds is None or wait_seconds <= MAX_DELAY_SECONDS:
        raise VendorDown(why, retry_after_seconds=wait_seconds)
    log.info("push waits for the sweep", extra={"wait_seconds": wait_seconds})


def _prepare(tx: Transaction, notification: Notification) -> _Errand | None:
    addressee = find_addressee(tx, notification.user_id)
    reason = reason_to_skip(notification, addressee)
    if addressee is None or reason is not None:
        repository.settle(tx, notification, Settlement(state=NotificationState.SKIPPED, reason=reason))
        return None
    told = repository.deliveries(tx, notification)
    devices = still_to_tell(addressee, told)
    if not devices:
        repository.settle(tx, notification, settle(list(told.values()), [], attempts=notification.attempts))
        return None
    push = compose(notification, addressee.language)
    return _Errand(notification=notification, push=push, devices=devices)


def _record(tx: Transaction, errand: _Errand, answers: Sequence[PushAnswer]) -> Settlement:
    """Write what became of it on each device, and where it stands; a worker that lost its lease writes the first only.

    A token that was replaced while the vendor called it unknown is tried again: the device has a new one.
    """
    final: dict[UUID, Verdict] = {}
    later: list[PushAnswer] = []
    for device, answer in zip(errand.devices, answers, strict=True):
        if answer.verdict is Verdict.LATER:
            later.append(answer)
        elif answer.verdict is Verdict.GONE and not forget_token(tx, errand.notification.user_id, device.fcm_token):
            later.append(PushAnswer(verdict=Verdict.LATER, retry_after_seconds=1))
        else:
            final[device.id] = answer.verdict
    repository.insert_deliveries(tx, errand.notification, final)
    verdicts = list(repository.deliveries(tx, errand.notification).values())
    settlement = settle(verdicts, later, attempts=errand.notification.attempts)
    repository.settle(tx, errand.notification, settlement)
    return settlement


def _tell_operators(errand: _Errand, answers: Sequence[PushAnswer], settlement: Settlement) -> None:
    for verdict in Verdict:
        number = sum(answer.verdict is verdict for answer in answers)
        if number:
            count("pushes", number, verdict=verdict)
    log.info(
        "push tried",
        extra={
            "notification_id": str(errand.notification.id),
            "kind": errand.notification.kind,
            "devices": len(answers),
            "state": settlement.state,
            "reason": settlement.reason,
        },
    )
