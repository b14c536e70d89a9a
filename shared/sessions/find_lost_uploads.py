"""Finds uploads whose notice never came, by looking into the bucket."""

from datetime import timedelta

from shared.db.connection import Database
from shared.media.find_objects import find_objects
from shared.media.overdue import uploads_unheard
from shared.media.store import ObjectStore
from shared.outbox.queue import Queue
from shared.sessions.receive_found import receive_found

NOTICE_EXPECTED_WITHIN = timedelta(minutes=5)
LOOKS_FOR_SECONDS = 8


def find_lost_uploads(system_db: Database, store: ObjectStore, queue: Queue) -> int:
    """How many were found. Raises VendorDown when the bucket cannot be asked; the next sweep goes on.

    A file whose parts are all there is made whole: its phone may be gone.
    """
    with system_db.transaction(None) as tx:
        pending = uploads_unheard(tx, older_than=NOTICE_EXPECTED_WITHIN)
    looked = find_objects(store, pending, within_seconds=LOOKS_FOR_SECONDS)
    return sum(receive_found(system_db, queue, upload, facts) for upload, facts in looked if facts is not None)
