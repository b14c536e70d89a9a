"""Declares a file that a phone is about to upload."""

from shared.db.connection import Transaction
from shared.ids import MediaId, SessionId, UserId, new_id
from shared.media import repository
from shared.media.model import MediaFile, MediaType, check_size, extension_of, object_key


def declare_media(
    tx: Transaction,
    user_id: UserId,
    session_id: SessionId,
    media_id: MediaId,
    *,
    media_type: MediaType,
    content_type: str,
    size_bytes: int,
    sha256: str | None,
) -> MediaFile | None:
    """A pending file with a key of its own; None when the user has one of that id. Raises Unsupported and TooLarge."""
    extension = extension_of(media_type, content_type)
    check_size(media_type, size_bytes)
    return repository.insert(
        tx,
        user_id,
        media_id,
        session_id,
        media_type=media_type,
        object_key=object_key(session_id, media_type, new_id(), extension),
        content_type=content_type,
        size_bytes=size_bytes,
        sha256=sha256,
    )
