"""A phone says that its upload is done; enough by itself where the store sends no events."""

from shared.db.connection import Database
from shared.errors import Conflict, NotFound
from shared.ids import MediaId, UserId
from shared.media.find_media import find_media
from shared.media.model import MediaFile, MediaStatus
from shared.media.store import ObjectStore
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.sessions.receive_upload import receive_upload


def commit_upload(db: Database, store: ObjectStore, queue: Queue, user_id: UserId, media_id: MediaId) -> MediaFile:
    """The file as it then is: uploaded, or rejected with a reason. Safe to repeat.

    Raises NotFound, and Conflict while the store does not have the object.
    """
    media = _find(db, user_id, media_id)
    if media.status is not MediaStatus.PENDING:
        return media
    facts = store.look(media.object_key)
    if facts is None:
        raise Conflict("The object is not in the bucket yet: upload it first, then commit.", code="upload_missing")
    with db.transaction(user_id) as tx:
        announced = receive_upload(tx, user_id, media_id, facts)
    publish_announced(db, queue, announced)
    return _find(db, user_id, media_id)


def _find(db: Database, user_id: UserId, media_id: MediaId) -> MediaFile:
    with db.transaction(user_id) as tx:
        media = find_media(tx, user_id, media_id)
    if media is None:
        raise NotFound
    return media
