"""Puts everything of a user into one ZIP in the bucket: read once, at one moment, then written piece by piece."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, cast

from shared.db.connection import Database
from shared.errors import NotFound, VendorDown
from shared.ids import UserId
from shared.outbox.queue import Queue
from shared.takeout.archive_store import ArchiveStore
from shared.takeout.archive_writer import ArchiveWriter
from shared.takeout.holding import Holding
from shared.takeout.manifest import MANIFEST, write_manifest
from shared.takeout.model import ZIP, TransferId, WrittenObject
from shared.takeout.object_writer import ObjectWriter
from shared.takeout.run_transfer import run_transfer
from shared.takeout.spool_account import Spool, spool_account

_NOTED_EVERY = 1024 * 1024


def export_account(
    db: Database, store: ArchiveStore, queue: Queue, *, user_id: UserId, transfer_id: TransferId
) -> None:
    """Do the export. A repeat, and one that is gone, change nothing. Raises VendorDown when a later try may help."""

    def work(holding: Holding) -> WrittenObject:
        with TemporaryDirectory(prefix="export-") as folder:
            with holding.without_beats():
                spool = spool_account(db, user_id, Path(folder))
            with _writing(store, holding) as to:
                _write(store, holding, spool, to)
                return to.finish()[0]

    lost = run_transfer(db, queue, work, user_id=user_id, transfer_id=transfer_id)
    if lost is not None and lost.object_key is not None:
        with suppress(VendorDown):
            store.discard([lost.object_key])


@contextmanager
def _writing(store: ArchiveStore, holding: Holding) -> Generator[ObjectWriter]:
    """The export's object. What was sent of one that is not finished goes; if even that fails, the sweep sees to it."""
    writer = ObjectWriter(store, holding.transfer.object_key or "", content_type=ZIP)
    try:
        yield writer
    except BaseException:
        with suppress(VendorDown):
            writer.abandon()
        raise


def _write(store: ArchiveStore, holding: Holding, spool: Spool, to: ObjectWriter) -> None:
    moment = datetime.now(UTC)
    archive = ArchiveWriter(
        cast("IO[bytes]", to), entries=spool.folder / "entries.spool", moment=moment, beat=holding.beat
    )
    _write_tables(archive, holding, spool)
    _write_notes(archive, holding, spool)
    missing = _write_media(archive, holding, spool, store)
    with archive.text_file(MANIFEST) as entry:
        write_manifest(
            cast("IO[bytes]", entry),
            user_id=holding.transfer.user_id,
            created_at=moment,
            counts=spool.rows,
            files=archive.written(),
            missing=missing,
        )
    archive.close()


def _write_tables(archive: ArchiveWriter, holding: Holding, spool: Spool) -> None:
    for name, rows in spool.rows.items():
        with archive.text_file(f"tables/{name}.jsonl", rows=rows) as entry, spool.table(name).open("rb") as lines:
            entry.begin()
            shutil.copyfileobj(lines, cast("IO[bytes]", entry), _NOTED_EVERY)
        holding.add("rows", rows)


def _write_notes(archive: ArchiveWriter, holding: Holding, spool: Spool) -> None:
    for note in spool.notes():
        with archive.text_file(note.path) as entry:
            entry.write(note.text.encode())
        holding.add("notes")


def _write_media(archive: ArchiveWriter, holding: Holding, spool: Spool, store: ArchiveStore) -> list[str]:
    """Paths of files whose object is gone: their user deleted them a moment ago, or they were lost before."""
    missing: list[str] = []
    for file in spool.files():
        try:
            with archive.media_file(file.path) as entry:
                to = cast("IO[bytes]", entry)
                got = store.download(file.object_key, etag=file.etag, to=to, max_bytes=file.size_bytes)
        except NotFound:
            missing.append(file.path)
            holding.add("missing_files")
            continue
        holding.add("files")
        holding.add("bytes", got.size_bytes)
    return missing
