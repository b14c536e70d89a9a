"""The newest export of a user; the first asking starts it."""

from shared.db.connection import Database, Transaction
from shared.ids import UserId
from shared.outbox.model import Announcement
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.takeout import repository
from shared.takeout.archive_store import ArchiveStore
from shared.takeout.begin_export import begin_export
from shared.takeout.model import (
    RESTS_AFTER_FAILURE,
    URL_SECONDS,
    Download,
    Transfer,
    TransferKind,
    TransferState,
    file_name,
)


def read_export(db: Database, store: ArchiveStore, queue: Queue, user_id: UserId) -> Download:
    """Where it stands, with a URL when it can be fetched.

    It starts one where there is none to wait for or to fetch: so asking again and again, or twice at once, comes to the
    same one. After a failure it starts none for an hour.
    """
    with db.transaction(user_id) as tx:
        export, announced = _find_or_begin(tx, user_id)
    publish_announced(db, queue, announced)
    if export.state is not TransferState.READY or export.object_key is None:
        return Download(transfer=export)
    name = file_name((export.finished_at or export.created_at).date())
    url = store.sign_download(export.object_key, file_name=name, expires_in_seconds=URL_SECONDS)
    return Download(transfer=export, url=url)


def _find_or_begin(tx: Transaction, user_id: UserId) -> tuple[Transfer, list[Announcement]]:
    known = _newest(tx, user_id)
    if known is not None:
        return known, []
    begun = begin_export(tx, user_id)
    if begun is not None:
        return begun[0], [begun[1]]
    other = _newest(tx, user_id)  # somebody else began one just now, which is as good
    if other is None:
        raise RuntimeError("an export is under way, and none can be read")
    return other, []


def _newest(tx: Transaction, user_id: UserId) -> Transfer | None:
    """One that is worth telling of; None when another is to be begun."""
    found = repository.newest(tx, user_id, TransferKind.EXPORT, lately=RESTS_AFTER_FAILURE)
    if found is None:
        return None
    export, ended_lately = found
    is_told = export.state.is_under_way or export.state is TransferState.READY
    return export if is_told or (export.state is TransferState.FAILED and ended_lately) else None
