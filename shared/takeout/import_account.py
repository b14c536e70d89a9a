"""Brings back what a ZIP holds: checked as a whole, then written a portion at a time, with nothing charged."""

from pathlib import Path
from tempfile import TemporaryDirectory

from shared.db.connection import Database
from shared.errors import NotFound
from shared.identity.model import ProfileChange
from shared.identity.set_choices import set_choices
from shared.ids import UserId
from shared.outbox.queue import Queue
from shared.takeout.archive_reader import Archive, checked_archive
from shared.takeout.archive_rules import is_table, refused
from shared.takeout.archive_store import ArchiveStore
from shared.takeout.bring_conversations import bring_conversations
from shared.takeout.bring_sessions import Bringing, bring_sessions
from shared.takeout.brought_rows import BROUGHT, UserRow
from shared.takeout.holding import Holding
from shared.takeout.model import Transfer, TransferId
from shared.takeout.ranged_file import RangedFile
from shared.takeout.run_transfer import run_transfer


def import_account(
    db: Database, store: ArchiveStore, queue: Queue, *, user_id: UserId, transfer_id: TransferId
) -> None:
    """Do the import. Killed anywhere, a repeat goes on with what is missing; done once more, it changes nothing.

    Raises VendorDown when a later try may help.
    """

    def work(holding: Holding) -> None:
        file = _file(store, holding)
        with (
            TemporaryDirectory(prefix="import-") as folder,
            checked_archive(file, Path(folder), holding.beat) as archive,
        ):
            bringing = Bringing(db=db, store=store, queue=queue, holding=holding, archive=archive)
            holding.add("rows_left_out", _left_out(archive))
            bring_sessions(bringing)
            bring_conversations(bringing)
            _bring_choices(bringing)

    run_transfer(db, queue, work, user_id=user_id, transfer_id=transfer_id)


def _file(store: ArchiveStore, holding: Holding) -> RangedFile:
    wanted: Transfer = holding.transfer
    if wanted.object_key is None or wanted.etag is None or wanted.size_bytes is None:
        raise RuntimeError("an import that was started has a file")
    return RangedFile(store, wanted.object_key, etag=wanted.etag, size_bytes=wanted.size_bytes, beat=holding.beat)


def _left_out(archive: Archive) -> int:
    """Rows of what only the server writes: credits, payments, usage, jobs, and what is made anew."""
    names = {path: Path(path).stem for path in archive.files if is_table(path)}
    return sum(archive.files[path].rows or 0 for path, name in names.items() if name not in BROUGHT)


def _bring_choices(bringing: Bringing) -> None:
    """Language, time zone and pushes, unless they are these already, or the import is another worker's by now."""
    holding = bringing.holding
    user_id = holding.transfer.user_id
    for row in bringing.archive.rows("users", UserRow):
        try:
            with bringing.db.transaction(user_id) as tx:
                holding.fence(tx)
                set_choices(tx, user_id, ProfileChange(**row.model_dump()))
        except NotFound as error:
            raise refused("There is no such account any more.") from error
