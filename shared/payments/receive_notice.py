"""Takes in a webhook of the payment provider: kept, answered at once, applied afterwards."""

from shared.db.connection import Database
from shared.inbox.model import EventState, NewEvent
from shared.inbox.receive_event import receive_event
from shared.metrics import count
from shared.outbox.queue import Queue
from shared.payments.model import APPLY_QUEUE, SOURCE
from shared.payments.notice import APPLIED_TYPES, PINNED_API_VERSION, Notice
from shared.telemetry import log


def receive_notice(db: Database, queue: Queue, notice: Notice, *, livemode: bool) -> bool:
    """Keep a notice whose signature was checked; False when it was known. What we do not act on is kept as ignored."""
    reason = _why_ignored(notice, livemode=livemode)
    if reason is not None:
        log.info("notice ignored", extra={"event_id": notice.id, "type": notice.type, "reason": reason})
        count("webhooks_ignored", reason=reason)
    event = NewEvent(
        source=SOURCE,
        event_id=notice.id,
        queue=APPLY_QUEUE,
        type=notice.type,
        about=notice.about(),
        occurred_at=notice.created,
        state=EventState.RECEIVED if reason is None else EventState.IGNORED,
        reason=reason,
    )
    return receive_event(db, queue, event)


def _why_ignored(notice: Notice, *, livemode: bool) -> str | None:
    if notice.livemode != livemode:
        return "other_mode"
    if notice.type not in APPLIED_TYPES:
        return "type_not_used"
    if notice.api_version != PINNED_API_VERSION:
        return "other_api_version"
    return None
