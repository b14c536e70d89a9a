"""Looks for the object of a pending file, and makes it of its parts when they are all there."""

from shared.media.model import ObjectFacts, PendingUpload
from shared.media.parts import missing_parts, plan_parts
from shared.media.store import ObjectStore


def find_object(store: ObjectStore, upload: PendingUpload) -> ObjectFacts | None:
    """What is in the bucket; None when the file, or a part of it, has not arrived. Raises VendorDown.

    Whoever comes by joins the parts: the phone that sent the last one may be gone. Of several at once one does,
    and all see the same object.
    """
    facts = store.look(upload.media.object_key)
    if facts is not None or upload.upload_id is None:
        return facts
    stored = store.stored_parts(upload.media.object_key, upload.upload_id) or ()
    planned = plan_parts(upload.media.size_bytes, upload.part_sha256)
    if not missing_parts(planned, stored):
        store.join_parts(upload.media.object_key, upload.upload_id, stored)
    return store.look(upload.media.object_key)
