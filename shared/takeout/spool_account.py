"""Reads everything of one user, as it is at one moment, into files on the function's own disk."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from shared.db.connection import Database, Transaction
from shared.ids import UserId
from shared.takeout import catalog_repository
from shared.takeout.notes import Note, media_path, notes_of
from shared.takeout.tables import LEFT_OUT, Table
from shared.values import frozen

_NOTES = "notes.spool"


@frozen
class TakenFile:
    """A file of the user's that is in the bucket, and where it goes in the ZIP."""

    path: str
    object_key: str
    etag: str | None
    size_bytes: int


@frozen
class Spool:
    """A folder with a file for each table; `rows` by table, in the order of the tables' names."""

    folder: Path
    rows: dict[str, int]

    def table(self, name: str) -> Path:
        """Its rows, one line of JSON each."""
        return self.folder / f"{name}.jsonl"

    def notes(self) -> Iterator[Note]:
        """Pages, oldest session first."""
        with (self.folder / _NOTES).open(encoding="utf-8") as lines:
            for line in lines:
                yield Note(**json.loads(line))

    def files(self) -> Iterator[TakenFile]:
        """Recordings and pictures that were uploaded, session by session."""
        with self.table("media_files").open(encoding="utf-8") as lines:
            for line in lines:
                row: dict[str, Any] = json.loads(line)
                if row["status"] == "uploaded":
                    yield _file(row)


def spool_account(db: Database, user_id: UserId, folder: Path) -> Spool:
    """In one snapshot, so that no row of one table hangs on a row that another table has not; nothing else is asked."""
    with db.transaction(user_id, is_snapshot=True) as tx:
        wanted = [table for table in catalog_repository.tables(tx) if table.name not in LEFT_OUT]
        spool = Spool(folder=folder, rows={table.name: 0 for table in wanted})
        for table in wanted:
            spool.rows[table.name] = _write_table(tx, user_id, table, spool.table(table.name))
        _write_notes(tx, user_id, folder / _NOTES)
    return spool


def _write_table(tx: Transaction, user_id: UserId, table: Table, path: Path) -> int:
    written = 0
    with (
        path.open("w", encoding="utf-8", newline="\n") as to,
        catalog_repository.rows_as_json(tx, user_id, table) as rows,
    ):
        for row in rows:
            to.write(row + "\n")
            written += 1
    return written


def _write_notes(tx: Transaction, user_id: UserId, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as to, catalog_repository.note_rows(tx, user_id) as rows:
        for note in notes_of(rows):
            to.write(json.dumps({"path": note.path, "text": note.text}) + "\n")


def _file(row: dict[str, Any]) -> TakenFile:
    return TakenFile(
        path=media_path(UUID(row["session_id"]), UUID(row["id"]), row["type"], row["content_type"]),
        object_key=row["object_key"],
        etag=row["etag"],
        size_bytes=row["size_bytes"],
    )
