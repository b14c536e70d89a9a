"""The bucket says that an object was created."""

from dataclasses import replace
from datetime import UTC, datetime

from shared.db.connection import Database
from shared.errors import Invalid, NotFound
from shared.ids import MediaId, UserId
from shared.inbox.keep_event import keep_event
from shared.inbox.model import EventState, NewEvent
from shared.media.model import ObjectFacts
from shared.media.owner_of_object import owner_of_object
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.sessions.receive_upload import receive_upload
from shared.telemetry import log

SOURCE = "s3"
OBJECT_CREATED_QUEUE = "object-created"


def register_upload(
    db: Database, queue: Queue, object_key: str, facts: ObjectFacts, *, occurred_at: datetime | None = None
) -> None:
    """Settle the upload, once for each event. Whose it is comes from our own row, never from the key.

    What nobody declared, or somebody deleted meanwhile, is kept as ignored and has no effect.
    """
    event = _event(object_key, facts, occurred_at or datetime.now(UTC))
    owner = _owner(db, object_key)
    if owner is None:
        _ignore(db, event, "unknown_object")
        return
    user_id, media_id = owner
    try:
        with db.transaction(user_id) as tx:
            announced = receive_upload(tx, user_id, media_id, facts) if keep_event(tx, event) else []
    except NotFound:
        _ignore(db, event, "session_deleted")
        return
    publish_announced(db, queue, announced)


def _event(object_key: str, facts: ObjectFacts, occurred_at: datetime) -> NewEvent:
    """Two creations of one key differ in the bytes (ETag) or, where the store tells it, in their order (sequencer)."""
    return NewEvent(
        source=SOURCE,
        event_id=f"{object_key}@{facts.etag}#{facts.sequencer or ''}",
        queue=OBJECT_CREATED_QUEUE,
        type="object_created",
        about={"object_key": object_key, "etag": facts.etag, "size_bytes": facts.size_bytes},
        occurred_at=occurred_at,
        state=EventState.APPLIED,
    )


def _owner(db: Database, object_key: str) -> tuple[UserId, MediaId] | None:
    try:
        with db.transaction(None) as tx:
            return owner_of_object(tx, object_key)
    except Invalid:  # a key that Postgres cannot even hold is none of ours
        return None


def _ignore(db: Database, event: NewEvent, reason: str) -> None:
    """Kept, so that an operator can tell a stray object from a lost one."""
    log.warning("object ignored", extra={"reason": reason})
    try:
        with db.transaction(None) as tx:
            keep_event(tx, replace(event, state=EventState.IGNORED, reason=reason))
    except Invalid:  # nor can the inbox hold what Postgres cannot
        log.warning("object with an unreadable key")
