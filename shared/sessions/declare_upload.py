"""Gives a phone the permission to upload one file."""

from dataclasses import field

from shared.db.connection import Database, Transaction
from shared.errors import Busy, Conflict, Invalid
from shared.ids import MediaId, SessionId, UserId, new_id
from shared.media.declare_media import declare_media
from shared.media.find_media import find_media
from shared.media.model import EXPIRED, UPLOAD_SECONDS, MediaFile, MediaStatus, MediaType, PendingUpload
from shared.media.parts import check_digests, goes_in_parts
from shared.media.permit_parts import SignedParts, permit_parts
from shared.media.permit_upload import permit_upload
from shared.media.store import ObjectStore, SignedUpload
from shared.sessions.lock_session import lock_open_session, lock_session
from shared.values import frozen


@frozen
class DeclaredFile:
    """What the phone says of the file it wants to upload. With a `media_id`, a repeat is the same file.

    `sha256` and `part_sha256` (one digest for each part of a large file) are hex; the store refuses other bytes.
    """

    media_type: MediaType
    content_type: str
    size_bytes: int
    sha256: str | None = field(default=None)
    part_sha256: tuple[str, ...] | None = field(default=None)
    media_id: MediaId | None = field(default=None)


def declare_upload(
    db: Database, store: ObjectStore, user_id: UserId, session_id: SessionId, file: DeclaredFile
) -> tuple[MediaFile, SignedUpload | SignedParts]:
    """The file's row and its signed URL, or those of its missing parts.

    A repeat with the same `media_id` and the same file renews them, also after finalize: the key stays, and the store
    refuses a second writer. Raises NotFound, Conflict (finalized, settled), Unsupported, TooLarge, and Invalid when the
    id stands for another file or the digests do not fit its size.
    """
    check_digests(file.size_bytes, sha256=file.sha256, part_sha256=file.part_sha256)
    with db.transaction(user_id) as tx:
        media, upload = _permitted(tx, user_id, session_id, file)
    if upload is not None and goes_in_parts(media.size_bytes):
        return media, permit_parts(db, store, upload)
    return media, store.sign_upload(media, expires_in_seconds=UPLOAD_SECONDS)


def _permitted(
    tx: Transaction, user_id: UserId, session_id: SessionId, file: DeclaredFile
) -> tuple[MediaFile, PendingUpload | None]:
    """The file; and how it is to arrive, unless that is said by its declaration alone."""
    media_id = file.media_id or MediaId(new_id())
    known = find_media(tx, user_id, media_id)
    if known is not None:  # else the sweep may expire it, and drop its parts, while it is being permitted anew
        lock_session(tx, user_id, known.session_id)
    media = known or _declared(tx, user_id, session_id, media_id, file)
    _check_same(media, session_id, file)
    if known is None and not goes_in_parts(media.size_bytes):
        return media, None
    upload = permit_upload(tx, user_id, media_id, file.part_sha256)
    return upload.media, upload


def _declared(
    tx: Transaction, user_id: UserId, session_id: SessionId, media_id: MediaId, file: DeclaredFile
) -> MediaFile:
    lock_open_session(tx, user_id, session_id)
    declared = declare_media(
        tx,
        user_id,
        session_id,
        media_id,
        media_type=file.media_type,
        content_type=file.content_type,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
    )
    media = declared or find_media(tx, user_id, media_id)  # a repeat may have come in between
    if media is None:
        raise Busy("A file of this id was just being deleted. Try again.", is_momentary=True)
    return media


def _check_same(media: MediaFile, session_id: SessionId, file: DeclaredFile) -> None:
    declared = (media.session_id, media.type, media.content_type, media.size_bytes, media.sha256)
    if declared != (session_id, file.media_type, file.content_type, file.size_bytes, file.sha256):
        raise Invalid(
            "This media_id stands for another file: repeat its session_id, type, content_type, size_bytes and sha256, "
            "or choose a new media_id."
        )
    if media.status is not MediaStatus.PENDING and media.reason != EXPIRED:
        raise Conflict("This file has been uploaded already.", code="upload_settled")
