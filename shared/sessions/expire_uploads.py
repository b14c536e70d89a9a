"""Marks files that did not come in time, after one last look into the bucket."""

from shared.db.connection import Database
from shared.errors import NotFound
from shared.jobs.reading import steps_waiting_for_media
from shared.media.expire_media import expire_media
from shared.media.find_objects import find_objects
from shared.media.model import ObjectFacts, PendingUpload
from shared.media.overdue import uploads_overdue
from shared.media.store import ObjectStore
from shared.metrics import count
from shared.outbox.queue import Queue
from shared.sessions.lock_session import lock_session
from shared.sessions.receive_found import receive_found

LOOKS_FOR_SECONDS = 8


def expire_uploads(system_db: Database, store: ObjectStore, queue: Queue) -> int:
    """How many were decided: found after all, or expired. Raises VendorDown; the next sweep goes on.

    A file that a finalized session still waits for is left to `stop_waiting`, whose day began later.
    """
    with system_db.transaction(None) as tx:
        overdue = uploads_overdue(tx)
    looked = find_objects(store, overdue, within_seconds=LOOKS_FOR_SECONDS)
    return sum(_decide(system_db, store, queue, upload, facts) for upload, facts in looked)


def _decide(db: Database, store: ObjectStore, queue: Queue, upload: PendingUpload, facts: ObjectFacts | None) -> bool:
    if facts is not None:
        return receive_found(db, queue, upload, facts)
    if not _expired(db, upload):
        return False
    count("uploads_expired")
    if upload.upload_id is not None:
        store.abandon_parts(upload.media.object_key, upload.upload_id)
    return True


def _expired(db: Database, upload: PendingUpload) -> bool:
    media = upload.media
    try:
        with db.transaction(media.user_id) as tx:
            lock_session(tx, media.user_id, media.session_id)
            return not steps_waiting_for_media(tx, media.user_id, media.id) and expire_media(tx, upload)
    except NotFound:
        return False
