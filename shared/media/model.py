"""Media files as values, and what we take."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.errors import TooLarge, Unsupported
from shared.ids import MediaId, SessionId, UserId
from shared.values import frozen

UPLOAD_SECONDS = 600
"""How long an upload URL works (docs/api.md; S3 checks it)."""

MAX_BYTES = {"audio": 256 * 1024 * 1024, "image": 15 * 1024 * 1024}
"""Largest upload: more than four hours of speech as phones record it. What goes in parts: see parts.py."""

UPLOAD_DEADLINE = timedelta(hours=24)
"""How long after its last permission a file is waited for."""

EXPIRED = "expired"
"""Why a file is rejected that did not come in time. It is taken all the same, should it come later."""

BLOCK_DELETED = "block_deleted"
"""Why a file is rejected whose block the user has deleted: it is not to come back by itself."""


SETTLED_REASONS = (BLOCK_DELETED, "size_differs", "type_differs", "expired")
"""Why a file is rejected for good: its user deleted it, or what arrived is not what was declared."""


class MediaType(StrEnum):
    """What a file claims to hold."""

    AUDIO = "audio"
    IMAGE = "image"


class MediaStatus(StrEnum):
    """pending -> uploaded, and rejected from either: false media stay, with the reason. Expired ones may come yet."""

    PENDING = "pending"
    UPLOADED = "uploaded"
    REJECTED = "rejected"


EXTENSIONS: dict[MediaType, dict[str, str]] = {
    MediaType.AUDIO: {
        "audio/mp4": "m4a",
        "audio/x-m4a": "m4a",
        "audio/m4a": "m4a",
        "audio/aac": "aac",
        "audio/mpeg": "mp3",
        "audio/wav": "wav",
        "audio/x-wav": "wav",
        "audio/ogg": "ogg",
        "audio/webm": "webm",
        "audio/flac": "flac",
    },
    MediaType.IMAGE: {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"},
}
"""Content types we take, and the extension their keys get."""


@frozen
class MediaFile:
    """One recording or picture. `etag` pins the bytes that were uploaded; `reason` says why it was rejected."""

    id: MediaId
    user_id: UserId
    session_id: SessionId
    type: MediaType
    object_key: str
    content_type: str
    size_bytes: int
    sha256: str | None
    status: MediaStatus
    reason: str | None
    etag: str | None
    duration_ms: int | None
    speech_ms: int | None
    created_at: datetime
    uploaded_at: datetime | None


@frozen
class PendingUpload:
    """A file and how it is to arrive. Of a file in parts, `upload_id` is the store's name for the upload under way."""

    media: MediaFile
    upload_id: str | None
    part_sha256: tuple[str, ...] | None


@frozen
class ObjectFacts:
    """What the store says of an object. Its notices leave the content type out, which the URL's signature fixed.

    `sequencer`: where the store's notices carry one, it orders the creations of one key.
    """

    size_bytes: int
    etag: str
    content_type: str | None = None
    sequencer: str | None = None


@frozen
class DownloadedObject:
    """What was really received, counted and hashed on its way."""

    size_bytes: int
    sha256: str


@frozen
class ListedObject:
    """An object as the store lists it; `modified_at` is the store's clock."""

    object_key: str
    size_bytes: int
    modified_at: datetime


@frozen
class ObjectPage:
    """Some objects in the order of their keys; `next_after` is None at the end."""

    objects: tuple[ListedObject, ...]
    next_after: str | None


@frozen
class BucketRound:
    """How far a look through the whole bucket has come: up to the key `after`. `asked_at` is the database's clock."""

    name: str
    after: str | None
    asked_at: datetime


def extension_of(media_type: MediaType, content_type: str) -> str:
    """The key's extension. Raises Unsupported naming what is taken."""
    try:
        return EXTENSIONS[media_type][content_type]
    except KeyError as error:
        taken = ", ".join(EXTENSIONS[media_type])
        raise Unsupported(f"{content_type} is not taken as {media_type}. Taken are: {taken}.") from error


def check_size(media_type: MediaType, size_bytes: int) -> None:
    """Raises TooLarge with the limit."""
    limit = MAX_BYTES[media_type]
    if size_bytes > limit:
        raise TooLarge(f"A single {media_type} upload may have {limit} bytes at most.", code="upload_too_large")


def object_key(session_id: SessionId, media_type: MediaType, object_id: UUID, extension: str) -> str:
    """The object's key: made here, never by the phone, and never read for whose it is.

    `object_id` is a fresh id of ours. Session and media ids may be the phone's own, and another user may hold the
    same ones; their objects must not meet.
    """
    return f"sessions/{session_id}/{media_type}/{object_id}.{extension}"


def mismatch(media: MediaFile, facts: ObjectFacts) -> str | None:
    """Why the uploaded object is not the one that was declared; None when it is."""
    if facts.size_bytes != media.size_bytes:
        return "size_differs"
    if facts.content_type is not None and facts.content_type.lower() != media.content_type:
        return "type_differs"
    return None
