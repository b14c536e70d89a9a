"""Gives a phone the permission to upload what is missing of a file in parts."""

from shared.db.connection import Database
from shared.errors import Busy
from shared.media import upload_repository
from shared.media.model import UPLOAD_SECONDS, PendingUpload
from shared.media.parts import Part, StoredPart, missing_parts, plan_parts
from shared.media.store import ObjectStore, SignedUpload
from shared.values import frozen

_TRIES = 3


@frozen
class SignedPart:
    """A stretch of the file, and the permission to upload it."""

    part: Part
    upload: SignedUpload


@frozen
class SignedParts:
    """What is there of a file, and the permissions for the rest."""

    planned: tuple[Part, ...]
    missing: tuple[SignedPart, ...]

    @property
    def stored(self) -> tuple[Part, ...]:
        """The parts that need not be sent again."""
        missing = {signed.part.number for signed in self.missing}
        return tuple(part for part in self.planned if part.number not in missing)


def permit_parts(db: Database, store: ObjectStore, upload: PendingUpload) -> SignedParts:
    """Begin the upload in the store, or go on with the one that is there. Raises VendorDown and Busy."""
    key = upload.media.object_key
    planned = plan_parts(upload.media.size_bytes, upload.part_sha256)
    for _ in range(_TRIES):
        if upload.upload_id is not None:
            stored = store.stored_parts(key, upload.upload_id)
            if stored is not None:
                return _signed(store, upload, planned, stored)
        if store.look(key) is not None:  # joined already, and nobody took note of it yet: nothing is left to send
            return SignedParts(planned=planned, missing=())
        upload = _begun(db, store, upload)
    raise Busy("The upload was begun several times at once. Try again.", is_momentary=True)


def _signed(
    store: ObjectStore, upload: PendingUpload, planned: tuple[Part, ...], stored: tuple[StoredPart, ...]
) -> SignedParts:
    upload_id = upload.upload_id or ""
    missing = tuple(
        SignedPart(
            part=part,
            upload=store.sign_part(upload.media.object_key, upload_id, part, expires_in_seconds=UPLOAD_SECONDS),
        )
        for part in missing_parts(planned, stored)
    )
    return SignedParts(planned=planned, missing=missing)


def _begun(db: Database, store: ObjectStore, upload: PendingUpload) -> PendingUpload:
    """With an upload of the store that is ours, or with another caller's who was faster."""
    media = upload.media
    begun = store.begin_parts(media, with_digests=upload.part_sha256 is not None)
    with db.transaction(media.user_id) as tx:
        is_ours = upload_repository.replace_upload_id(
            tx, media.user_id, media.id, known=upload.upload_id, upload_id=begun
        )
        current = upload_repository.find(tx, media.user_id, media.id)
    if not is_ours:
        store.abandon_parts(media.object_key, begun)
    if current is None:
        raise Busy("The file was just being deleted. Try again.", is_momentary=True)
    return current
