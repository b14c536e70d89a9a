"""A phone says that its upload is done; enough by itself where the store sends no events."""

from shared.db.connection import Database
from shared.errors import Conflict, NotFound
from shared.ids import MediaId, UserId
from shared.media.find_object import find_object
from shared.media.find_upload import find_upload
from shared.media.model import EXPIRED, MediaFile, MediaStatus, PendingUpload
from shared.media.parts import missing_parts, plan_parts
from shared.media.store import ObjectStore
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.sessions.receive_upload import receive_upload


def commit_upload(db: Database, store: ObjectStore, queue: Queue, user_id: UserId, media_id: MediaId) -> MediaFile:
    """The file as it then is: uploaded, or rejected with a reason. Safe to repeat.

    Of a file in parts, the object is made here. Raises NotFound, VendorDown, and Conflict while the store does not have
    the object, or a part of it.
    """
    upload = _find(db, user_id, media_id)
    if upload.media.status is not MediaStatus.PENDING and upload.media.reason != EXPIRED:
        return upload.media
    facts = find_object(store, upload)
    if facts is None:
        if upload.media.reason == EXPIRED:
            return upload.media
        raise Conflict(_what_is_missing(store, upload), code="upload_missing")
    with db.transaction(user_id) as tx:
        announced = receive_upload(tx, user_id, media_id, facts)
    publish_announced(db, queue, announced)
    return _find(db, user_id, media_id).media


def _what_is_missing(store: ObjectStore, upload: PendingUpload) -> str:
    if upload.upload_id is None:
        return "The object is not in the bucket yet: upload it first, then commit."
    stored = store.stored_parts(upload.media.object_key, upload.upload_id) or ()
    numbers = [part.number for part in missing_parts(plan_parts(upload.media.size_bytes, upload.part_sha256), stored)]
    if not numbers:
        return "The parts changed while they were being joined: commit again."
    named = ", ".join(map(str, numbers))
    return f"Not in the bucket yet, part by number: {named}. Presign again for their URLs, upload them, then commit."


def _find(db: Database, user_id: UserId, media_id: MediaId) -> PendingUpload:
    with db.transaction(user_id) as tx:
        upload = find_upload(tx, user_id, media_id)
    if upload is None:
        raise NotFound
    return upload
