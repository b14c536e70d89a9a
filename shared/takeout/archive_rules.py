"""What a ZIP that somebody brings may look like, decided from its directory alone, before a byte of it is unpacked."""

import re
import stat
from collections.abc import Sequence
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

from shared.errors import Invalid
from shared.media.model import MAX_BYTES
from shared.takeout.manifest import MANIFEST

MOST_FILES = 200_000
MOST_UNPACKED_BYTES = 20 * 1024**3
MOST_TABLE_BYTES = 1024**3
"""Of all tables together: they are unpacked onto the function's own disk."""

MOST_MANIFEST_BYTES = 64 * 1024**2
MOST_RATIO = 200
"""Lines of JSON that repeat themselves get smaller by 20 or 30 times; a bomb, by a thousand."""

_RATIO_FROM_BYTES = 1024**2
_ENCRYPTED = 0x1
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_TABLE = re.compile(r"tables/[a-z][a-z0-9_]{0,62}\.jsonl")
_KNOWN_PATHS = re.compile(
    rf"{re.escape(MANIFEST)}|{_TABLE.pattern}|notes/[\w.-]{{1,200}}\.md|media/{_UUID}/{_UUID}\.[a-z0-9]{{1,5}}"
)
"""No path of ours has a folder more, two dots in a row at its start, a backslash, a drive or a colon."""


def check_entries(entries: Sequence[ZipInfo]) -> None:
    """Raises Invalid, naming what is wrong: a ZIP that was exported and left as it was passes."""
    if len(entries) > MOST_FILES:
        raise _too_large(f"A ZIP may have {MOST_FILES} files at most.")
    if len({entry.filename for entry in entries}) != len(entries):
        raise refused("The ZIP names a file twice.")
    for entry in entries:
        _check(entry)
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        raise _too_large(f"Unpacked, a ZIP may have {MOST_UNPACKED_BYTES} bytes at most.")
    if sum(entry.file_size for entry in entries if is_table(entry.filename)) > MOST_TABLE_BYTES:
        raise _too_large(f"Unpacked, the tables of a ZIP may have {MOST_TABLE_BYTES} bytes at most.")


def is_table(path: str) -> bool:
    """The file holds rows."""
    return _TABLE.fullmatch(path) is not None


def refused(detail: str) -> Invalid:
    """What is raised of a ZIP that is not as it was exported."""
    return Invalid(f"{detail} Bring the ZIP as it was exported.", code="import_invalid")


def _check(entry: ZipInfo) -> None:
    if _KNOWN_PATHS.fullmatch(entry.filename) is None:
        raise refused("The ZIP holds a file that no export has.")
    if entry.flag_bits & _ENCRYPTED:
        raise refused("The ZIP is encrypted.")
    if entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise refused("The ZIP is compressed in a way that no export is.")
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        raise refused("The ZIP holds a link, or something else that is no file.")
    if entry.file_size > _RATIO_FROM_BYTES and entry.file_size > MOST_RATIO * entry.compress_size:
        raise refused("A file in the ZIP would become far larger than it is.")
    if entry.filename.startswith("media/") and entry.file_size > max(MAX_BYTES.values()):
        raise _too_large(f"A recording may have {max(MAX_BYTES.values())} bytes at most.")
    if entry.filename == MANIFEST and entry.file_size > MOST_MANIFEST_BYTES:
        raise _too_large(f"A manifest may have {MOST_MANIFEST_BYTES} bytes at most.")


def _too_large(detail: str) -> Invalid:
    return Invalid(detail, code="import_too_large")
