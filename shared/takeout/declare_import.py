"""A user is about to upload a ZIP that was exported, to have it brought back."""

from shared.db.connection import Database, Transaction
from shared.errors import Conflict, TooLarge
from shared.ids import UserId, new_id
from shared.media.store import SignedUpload
from shared.outbox.model import Announcement
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.sessions.announce_discard import announce_discard
from shared.takeout import repository
from shared.takeout.archive_store import ArchiveStore
from shared.takeout.model import (
    MOST_IMPORT_BYTES,
    UPLOAD_LIVES,
    URL_SECONDS,
    ZIP,
    Transfer,
    TransferId,
    TransferKind,
    TransferState,
    WrittenObject,
    import_key,
)


def declare_import(
    db: Database, store: ArchiveStore, queue: Queue, user_id: UserId, file: WrittenObject
) -> tuple[Transfer, SignedUpload]:
    """An import that waits for its file, and the permission to PUT exactly that file, for ten minutes.

    The same file again, while it is waited for, is the same import with a new URL; another takes its place.
    Raises TooLarge, and Conflict while an import is under way.
    """
    if file.size_bytes > MOST_IMPORT_BYTES:
        raise TooLarge(f"A ZIP may have {MOST_IMPORT_BYTES} bytes at most.", code="upload_too_large")
    with db.transaction(user_id) as tx:
        wanted, announced = _wait_for(tx, user_id, file)
    publish_announced(db, queue, announced)
    upload = store.sign_put(
        wanted.object_key or "",
        content_type=ZIP,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        expires_in_seconds=URL_SECONDS,
    )
    return wanted, upload


def _wait_for(tx: Transaction, user_id: UserId, file: WrittenObject) -> tuple[Transfer, list[Announcement]]:
    begun = _insert(tx, user_id, file)
    if begun is not None:
        return begun, []
    found = repository.newest(tx, user_id, TransferKind.IMPORT, lately=UPLOAD_LIVES)
    known = None if found is None else repository.find(tx, user_id, found[0].id, is_locked=True)
    if known is None or known.state is not TransferState.WAITING:
        raise Conflict("An import is under way. Wait for it to end.", code="import_running")
    if (known.size_bytes, known.sha256) == (file.size_bytes, file.sha256):
        return known, []
    repository.end(tx, user_id, known.id, TransferState.EXPIRED, reason="replaced")
    discarded = announce_discard(tx, user_id, [known.object_key] if known.object_key else [])
    begun = _insert(tx, user_id, file)
    if begun is None:
        raise Conflict("Another import was begun just now.", code="import_running")
    return begun, discarded


def _insert(tx: Transaction, user_id: UserId, file: WrittenObject) -> Transfer | None:
    return repository.insert(
        tx,
        user_id,
        TransferId(new_id()),
        kind=TransferKind.IMPORT,
        state=TransferState.WAITING,
        upload=file,
        object_key=import_key(new_id()),
        expires_in=UPLOAD_LIVES,
    )
