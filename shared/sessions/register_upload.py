"""The bucket says that an object was created."""

from shared.db.connection import Database
from shared.errors import Invalid, NotFound
from shared.ids import MediaId, UserId
from shared.media.model import ObjectFacts
from shared.media.owner_of_object import owner_of_object
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.sessions.receive_upload import receive_upload
from shared.telemetry import log


def register_upload(db: Database, queue: Queue, object_key: str, facts: ObjectFacts) -> None:
    """Whose it is comes from our own row; an unknown key, or one deleted meanwhile, has no effect."""
    owner = _owner(db, object_key)
    if owner is None:
        log.warning("object nobody declared")
        return
    user_id, media_id = owner
    try:
        with db.transaction(user_id) as tx:
            announced = receive_upload(tx, user_id, media_id, facts)
    except NotFound:
        log.info("object of a deleted session")
        return
    publish_announced(db, queue, announced)


def _owner(db: Database, object_key: str) -> tuple[UserId, MediaId] | None:
    try:
        with db.transaction(None) as tx:
            return owner_of_object(tx, object_key)
    except Invalid:  # a key that Postgres cannot even hold is none of ours
        return None
