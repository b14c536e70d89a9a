"""The file a reading step is about, and its bytes."""

from collections.abc import Generator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO

from shared.db.connection import Transaction
from shared.enrichment.model import MediaRejected
from shared.errors import NotFound
from shared.jobs.model import Step
from shared.media.find_media import find_media
from shared.media.model import MAX_BYTES, MediaFile, MediaStatus
from shared.media.store import ObjectStore
from shared.sessions.find_session import find_session
from shared.values import frozen


@frozen
class MediaToRead:
    """An uploaded file, and the language its session is in."""

    media: MediaFile
    language: str


def media_to_read(tx: Transaction, step: Step) -> MediaToRead | None:
    """None when the file is gone or was rejected: there is nothing to read."""
    media = None if step.media_id is None else find_media(tx, step.user_id, step.media_id)
    session = find_session(tx, step.user_id, step.session_id)
    if media is None or session is None or media.status is not MediaStatus.UPLOADED:
        return None
    return MediaToRead(media=media, language=session.language)


def read_bytes(store: ObjectStore, media: MediaFile) -> bytes:
    """The bytes that were uploaded, and no later ones. Raises MediaRejected and VendorDown."""
    try:
        data = store.read(media.object_key, etag=media.etag, max_bytes=MAX_BYTES[media.type])
    except NotFound as error:
        raise _missing() from error
    if not data:
        raise MediaRejected("The file is empty.", code="empty")
    return data


@contextmanager
def downloaded(store: ObjectStore, media: MediaFile) -> Generator[IO[bytes]]:
    """The same as a file on disk, for as long as the block lasts. Raises MediaRejected and VendorDown."""
    with TemporaryFile() as file:
        try:
            store.download(media.object_key, etag=media.etag, to=file, max_bytes=MAX_BYTES[media.type])
        except NotFound as error:
            raise _missing() from error
        yield file


def _missing() -> MediaRejected:
    return MediaRejected("The uploaded file is gone, or was replaced.", code="missing")
