"""The ZIP of an import is uploaded: its worker is told."""

from shared.db.connection import Database, Transaction
from shared.errors import Conflict, NotFound
from shared.ids import UserId
from shared.outbox.announce import announce
from shared.outbox.model import Announcement
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.takeout import repository
from shared.takeout.archive_store import ArchiveStore
from shared.takeout.model import IMPORT_QUEUE, Transfer, TransferId, TransferState, body_of
from shared.takeout.read_import import read_import


def start_import(db: Database, store: ArchiveStore, queue: Queue, user_id: UserId, import_id: TransferId) -> Transfer:
    """The import as it then stands; a repeat changes nothing. The bytes are pinned by their ETag from here on.

    Raises NotFound, and Conflict while the declared file is not there.
    """
    wanted = read_import(db, user_id, import_id)
    if wanted.state is not TransferState.WAITING:
        return wanted
    facts = store.look(wanted.object_key or "")
    if facts is None or facts.size_bytes != wanted.size_bytes:
        raise Conflict("The ZIP is not there yet: PUT it to the upload URL first.", code="import_not_uploaded")
    with db.transaction(user_id) as tx:
        announced = _start(tx, wanted, facts.etag)
        started = repository.find(tx, user_id, import_id)
    publish_announced(db, queue, announced)
    if started is None:
        raise NotFound
    return started


def _start(tx: Transaction, wanted: Transfer, etag: str) -> list[Announcement]:
    if not repository.start_import(tx, wanted.user_id, wanted.id, etag=etag):
        return []
    return [announce(tx, wanted.user_id, IMPORT_QUEUE, body_of(wanted.id))]
