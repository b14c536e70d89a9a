"""Gives a phone the permission to upload one file."""

from dataclasses import dataclass, field

from shared.db.connection import Database, Transaction
from shared.errors import Conflict, Invalid, NotFound
from shared.ids import MediaId, SessionId, UserId
from shared.media.declare_media import declare_media
from shared.media.find_media import find_media
from shared.media.model import UPLOAD_SECONDS, MediaFile, MediaStatus, MediaType
from shared.media.store import ObjectStore, SignedUpload
from shared.sessions.lock_session import lock_open_session


@dataclass(frozen=True, kw_only=True)
class DeclaredFile:
    """What the phone says of the file it wants to upload; `media_id` renews the permission of an earlier one."""

    media_type: MediaType
    content_type: str
    size_bytes: int
    sha256: str | None = field(default=None)
    media_id: MediaId | None = field(default=None)


def declare_upload(
    db: Database, store: ObjectStore, user_id: UserId, session_id: SessionId, file: DeclaredFile
) -> tuple[MediaFile, SignedUpload]:
    """The file's row and its signed URL. Raises NotFound, Conflict (finalized), Unsupported and TooLarge.

    A phone that was offline longer than the URL lived renews it, also after finalize: the key stays, and the
    store refuses a second writer.
    """
    with db.transaction(user_id) as tx:
        media = _renewed(tx, user_id, session_id, file) if file.media_id else _declared(tx, user_id, session_id, file)
    return media, store.sign_upload(media, expires_in_seconds=UPLOAD_SECONDS)


def _declared(tx: Transaction, user_id: UserId, session_id: SessionId, file: DeclaredFile) -> MediaFile:
    lock_open_session(tx, user_id, session_id)
    return declare_media(
        tx,
        user_id,
        session_id,
        media_type=file.media_type,
        content_type=file.content_type,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
    )


def _renewed(tx: Transaction, user_id: UserId, session_id: SessionId, file: DeclaredFile) -> MediaFile:
    media = None if file.media_id is None else find_media(tx, user_id, file.media_id)
    if media is None or media.session_id != session_id:
        raise NotFound
    if media.status is not MediaStatus.PENDING:
        raise Conflict("This file has been uploaded already.", code="upload_settled")
    declared = (media.type, media.content_type, media.size_bytes, media.sha256)
    if declared != (file.media_type, file.content_type, file.size_bytes, file.sha256):
        raise Invalid("A renewed upload must be the same file: same type, content_type, size_bytes and sha256.")
    return media
