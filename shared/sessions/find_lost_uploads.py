"""Finds uploads whose notice never came, by looking into the bucket."""

from datetime import timedelta

from shared.db.connection import Database
from shared.errors import NotFound
from shared.media.model import MediaFile
from shared.media.overdue import uploads_unheard
from shared.media.store import ObjectStore
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.sessions.receive_upload import receive_upload
from shared.sessions.stop_waiting import UPLOAD_DEADLINE

NOTICE_EXPECTED_WITHIN = timedelta(minutes=5)


def find_lost_uploads(system_db: Database, store: ObjectStore, queue: Queue) -> int:
    """How many were found. Raises VendorDown when the bucket cannot be asked; the next sweep goes on."""
    with system_db.transaction(None) as tx:
        pending = uploads_unheard(tx, older_than=NOTICE_EXPECTED_WITHIN, younger_than=UPLOAD_DEADLINE)
    return sum(_receive(system_db, store, queue, media) for media in pending)


def _receive(db: Database, store: ObjectStore, queue: Queue, media: MediaFile) -> bool:
    facts = store.look(media.object_key)
    if facts is None:
        return False
    try:
        with db.transaction(media.user_id) as tx:
            announced = receive_upload(tx, media.user_id, media.id, facts)
    except NotFound:
        return False
    publish_announced(db, queue, announced)
    return True
