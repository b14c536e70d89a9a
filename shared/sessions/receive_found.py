"""Takes note of an object that a sweep found in the bucket."""

from shared.db.connection import Database
from shared.errors import NotFound
from shared.media.model import ObjectFacts, PendingUpload
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.sessions.receive_upload import receive_upload


def receive_found(db: Database, queue: Queue, upload: PendingUpload, facts: ObjectFacts) -> bool:
    """Settle the upload and publish what follows; False when its session was deleted meanwhile."""
    media = upload.media
    try:
        with db.transaction(media.user_id) as tx:
            announced = receive_upload(tx, media.user_id, media.id, facts)
    except NotFound:
        return False
    publish_announced(db, queue, announced)
    return True
