"""An object as a file that can be sought in, of which a few stretches are in memory at a time."""

from collections import OrderedDict
from collections.abc import Callable
from io import SEEK_CUR, SEEK_END, SEEK_SET, RawIOBase

from shared.errors import Invalid
from shared.takeout.archive_store import ArchiveStore

_BLOCK_BYTES = 4 * 1024 * 1024
_KEPT_BLOCKS = 4

MOST_BYTES_AT_ONCE = 32 * 1024 * 1024
"""Python's zipfile reads a ZIP's directory in one go, however large it says to be: some 200,000 files have 32 MiB."""


class RangedFile(RawIOBase):
    """Reads are pinned to one ETag. `beat` is called with each stretch that is fetched.

    Raises what `read_range` raises, and Invalid when somebody wants more at once than any honest ZIP needs.
    """

    def __init__(
        self, store: ArchiveStore, object_key: str, *, etag: str, size_bytes: int, beat: Callable[[], None]
    ) -> None:
        super().__init__()
        self._store = store
        self._object_key = object_key
        self._etag = etag
        self._size_bytes = size_bytes
        self._beat = beat
        self._at = 0
        self._blocks: OrderedDict[int, bytes] = OrderedDict()

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Where the next read begins."""
        return self._at

    def seek(self, offset: int, whence: int = SEEK_SET, /) -> int:
        """Move there, counted from the start, from here, or from the end."""
        self._at = max(0, {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: self._size_bytes}[whence] + offset)
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        """So many bytes, or all there are from here on."""
        left = max(0, self._size_bytes - self._at)
        wanted = left if size < 0 else min(size, left)
        if wanted > MOST_BYTES_AT_ONCE:
            raise Invalid("The ZIP has too many files.", code="import_too_large")
        pieces: list[bytes] = []
        while wanted:
            number, offset = divmod(self._at, _BLOCK_BYTES)
            piece = self._block(number)[offset : offset + wanted]
            if not piece:
                raise Invalid("The ZIP is shorter than it was.", code="import_invalid")
            pieces.append(piece)
            self._at += len(piece)
            wanted -= len(piece)
        return b"".join(pieces)

    def _block(self, number: int) -> bytes:
        if number not in self._blocks:
            first = number * _BLOCK_BYTES
            size_bytes = min(_BLOCK_BYTES, self._size_bytes - first)
            self._blocks[number] = self._store.read_range(
                self._object_key, etag=self._etag, first=first, size_bytes=size_bytes
            )
            self._beat()
            if len(self._blocks) > _KEPT_BLOCKS:
                self._blocks.popitem(last=False)
        self._blocks.move_to_end(number)
        return self._blocks[number]
