"""Writes the ZIP: file after file, each hashed on its way, with the manifest as the last."""

import hashlib
import json
import stat
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from shared.takeout.manifest import FileEntry

_TEXT_LEVEL = 6
_MEDIA_LEVEL = 0
"""Recordings and pictures are compressed already. Not "stored": some readers take no stored file of unknown length."""

_FILE_MODE = stat.S_IFREG | 0o644


class ArchiveWriter:
    """`beat` is called with each piece. Entries are kept on disk until the manifest is written: there may be many."""

    def __init__(self, to: IO[bytes], *, entries: Path, moment: datetime, beat: Callable[[], None]) -> None:
        self._zip = ZipFile(to, "w", ZIP_DEFLATED)
        self._entries = entries
        self._entries.touch()
        self._date = moment.timetuple()[:6]
        self._beat = beat

    @contextmanager
    def text_file(self, path: str, *, rows: int | None = None) -> Generator["EntryWriter"]:
        """A file that gets smaller. It is in the manifest when the block is left."""
        with self._file(path, level=_TEXT_LEVEL, rows=rows) as entry:
            yield entry

    @contextmanager
    def media_file(self, path: str) -> Generator["EntryWriter"]:
        """A file that does not. One that nothing is written to is none."""
        with self._file(path, level=_MEDIA_LEVEL, rows=None) as entry:
            yield entry

    def written(self) -> Iterator[FileEntry]:
        """Every file so far, in order."""
        with self._entries.open(encoding="utf-8") as lines:
            for line in lines:
                yield FileEntry(**json.loads(line))

    def close(self) -> None:
        """Write the ZIP's own directory."""
        self._zip.close()

    @contextmanager
    def _file(self, path: str, *, level: int, rows: int | None) -> Generator["EntryWriter"]:
        info = ZipInfo(path, self._date)
        info.compress_type = ZIP_DEFLATED
        info.external_attr = _FILE_MODE << 16
        info.create_system = 3  # so that the mode above is read
        # ZipInfo has no public name for it before Python 3.13
        info._compresslevel = level  # type: ignore[attr-defined]  # noqa: SLF001 - see above
        entry = EntryWriter(lambda: self._zip.open(info, "w"), self._beat)
        try:
            yield entry
        finally:
            entry.end()
        if not entry.is_begun:
            return
        told = {"path": path, "bytes": entry.size_bytes, "sha256": entry.sha256, "rows": rows}
        with self._entries.open("a", encoding="utf-8") as to:
            to.write(json.dumps(told) + "\n")


class EntryWriter:
    """One file of the ZIP, begun with its first byte: whoever finds nothing to write leaves no trace."""

    def __init__(self, begin: Callable[[], IO[bytes]], beat: Callable[[], None]) -> None:
        self._begin = begin
        self._beat = beat
        self._to: IO[bytes] | None = None
        self._digest = hashlib.sha256()
        self.size_bytes = 0

    @property
    def is_begun(self) -> bool:
        """There is such a file in the ZIP."""
        return self._to is not None

    @property
    def sha256(self) -> str:
        """Of what was written."""
        return self._digest.hexdigest()

    def begin(self) -> None:
        """Have it in the ZIP even if it stays empty."""
        self._to = self._to or self._begin()

    def write(self, data: Any) -> int:  # noqa: ANN401 - whatever holds bytes, as any file's write
        """Take bytes."""
        self.begin()
        if self._to is None:
            raise RuntimeError("a file that was begun is open")
        self._digest.update(data)
        self.size_bytes += len(data)
        self._beat()
        return self._to.write(data)

    def end(self) -> None:
        """Nothing more follows."""
        if self._to is not None:
            self._to.close()
