"""Reads a ZIP that somebody brings: nothing of it is used before all of it was checked."""

import hashlib
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeVar, cast
from zipfile import BadZipFile, ZipFile

from pydantic import ValidationError

from shared.errors import Invalid
from shared.takeout.archive_rules import check_entries, is_table, refused
from shared.takeout.brought_rows import BROUGHT, Row
from shared.takeout.manifest import MANIFEST, VERSION, FileEntry, Manifest, ManifestHead
from shared.takeout.ranged_file import RangedFile
from shared.values import frozen

_PIECE_BYTES = 1024 * 1024
_LONGEST_LINE = 16 * 1024 * 1024
_BROKEN = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError)
"""What zipfile raises of bytes that are no ZIP, or are cut, or were made to hurt."""

RowT = TypeVar("RowT", bound=Row)


@frozen
class Archive:
    """A ZIP that was checked. `files` by path; tables that are brought back lie in `folder`, with checked rows."""

    zip: ZipFile
    files: dict[str, FileEntry]
    folder: Path

    def rows(self, table: str, model: type[RowT]) -> Iterator[RowT]:
        """Rows in the order of their keys; none of a table that is not there."""
        path = self.folder / f"{table}.jsonl"
        if not path.exists():
            return
        with path.open("rb") as lines:
            for line in lines:
                yield model.model_validate_json(line)

    def unpack(self, path: str, to: IO[bytes]) -> None:
        """The bytes of a file. Raises Invalid when they are not what they were."""
        entry = self.files[path]
        digest = hashlib.sha256()
        with _as_refusal(), self.zip.open(path) as pieces:
            while piece := pieces.read(_PIECE_BYTES):
                digest.update(piece)
                to.write(piece)
        if digest.hexdigest() != entry.sha256:
            raise refused("A file in the ZIP is not the one of its manifest.")


@contextmanager
def checked_archive(file: RangedFile, folder: Path, beat: Callable[[], None]) -> Generator[Archive]:
    """Everything the ZIP says is looked at once: its directory, its manifest, each file's digest, each row's shape.

    Raises Invalid, naming what is wrong.
    """
    with _as_refusal():
        opened = ZipFile(cast("IO[bytes]", file))
    with opened:
        check_entries(opened.infolist())
        with _as_refusal():
            manifest = _manifest(opened)
        files = {entry.path: entry for entry in manifest.files}
        _check_names(opened, files, len(manifest.files))
        for entry in manifest.files:
            with _as_refusal():
                _check_file(opened, entry, folder)
            beat()
        yield Archive(zip=opened, files=files, folder=folder)


@contextmanager
def _as_refusal() -> Generator[None]:
    try:
        yield
    except Invalid:
        raise
    except _BROKEN as error:
        raise refused("The ZIP is damaged.") from error


def _manifest(opened: ZipFile) -> Manifest:
    try:
        told = opened.read(MANIFEST)
    except KeyError as error:
        raise refused("The ZIP has no manifest.") from error
    try:
        head = ManifestHead.model_validate_json(told)
        if head.version > VERSION:
            raise Invalid("The ZIP was made by a newer version than this one.", code="import_version_newer")
        return Manifest.model_validate_json(told)
    except ValidationError as error:
        raise refused("The manifest of the ZIP is not of our shape.") from error


def _check_names(opened: ZipFile, files: dict[str, FileEntry], told: int) -> None:
    held = {info.filename for info in opened.infolist()} - {MANIFEST}
    if held != set(files) or told != len(files):
        raise refused("The ZIP does not hold the files of its manifest.")


def _check_file(opened: ZipFile, entry: FileEntry, folder: Path) -> None:
    if opened.getinfo(entry.path).file_size != entry.bytes:
        raise refused("A file in the ZIP has another size than its manifest says.")
    name = Path(entry.path).stem
    if is_table(entry.path) and name in BROUGHT:
        digest, rows = _check_table(opened, entry.path, BROUGHT[name], folder / f"{name}.jsonl")
        if rows != entry.rows:
            raise refused("A table in the ZIP has another number of rows than its manifest says.")
    else:
        digest = _digest(opened, entry.path)
    if digest != entry.sha256:
        raise refused("A file in the ZIP is not the one of its manifest.")


def _digest(opened: ZipFile, path: str) -> str:
    digest = hashlib.sha256()
    with opened.open(path) as pieces:
        while piece := pieces.read(_PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()


def _check_table(opened: ZipFile, path: str, model: type[Row], copy: Path) -> tuple[str, int]:
    """The digest, and how many rows there are; a copy of them lies on the function's own disk then."""
    digest, rows, before = hashlib.sha256(), 0, tuple[object, ...]()
    with opened.open(path) as lines, copy.open("wb") as to:
        while line := lines.readline(_LONGEST_LINE):
            digest.update(line)
            key = _key(model, line, path)
            if rows and not before < key:
                raise refused(f"The rows of {path} are not in their order.")
            to.write(line)
            rows, before = rows + 1, key
    return digest.hexdigest(), rows


def _key(model: type[Row], line: bytes, path: str) -> tuple[object, ...]:
    """Raises Invalid unless the line is a row. Where it is wrong is told, and never what is written there."""
    try:
        row = model.model_validate_json(line)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise refused(f"A row of {path} is not of our shape, at {where or 'its beginning'}.") from error
    return row.key
