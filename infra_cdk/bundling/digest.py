"""What a bundle weighs, and a hash that is equal when every file is."""

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_ZIP_ENTRY_BYTES = 30 + 46
"""The two headers of a file in a ZIP, without its name, which stands in both."""


@dataclass(frozen=True, kw_only=True)
class Weight:
    """A file: its hash, its bytes, and its bytes in a ZIP, 0 when that was not asked."""

    sha256: str
    unzipped_bytes: int
    zipped_bytes: int


class Scales:
    """Weighs each file once, in however many bundles it lies: bundles share files by hard links."""

    def __init__(self, *, zips: bool) -> None:
        self._zips = zips
        self._known: dict[tuple[int, int], Weight] = {}

    def weigh(self, root: Path, files: Iterable[Path]) -> Weight:
        """All of these together, by their names and contents: not by when or by whom they were written."""
        digest, unzipped, zipped = hashlib.sha256(), 0, 0
        for file in sorted(files):
            weight = self._weight(root / file)
            digest.update(f"{file.as_posix()}\0{weight.sha256}\n".encode())
            unzipped += weight.unzipped_bytes
            zipped += weight.zipped_bytes + (_ZIP_ENTRY_BYTES + 2 * len(file.as_posix()) if self._zips else 0)
        return Weight(sha256=digest.hexdigest(), unzipped_bytes=unzipped, zipped_bytes=zipped)

    def _weight(self, path: Path) -> Weight:
        status = path.stat()
        key = (status.st_dev, status.st_ino)
        if key not in self._known:
            content = path.read_bytes()
            self._known[key] = Weight(
                sha256=hashlib.sha256(content).hexdigest(),
                unzipped_bytes=len(content),
                zipped_bytes=len(zlib.compress(content)) if self._zips else 0,
            )
        return self._known[key]


def fingerprint(root: Path, files: Iterable[Path], *also: str) -> str:
    """A hash of files and words: what a build was made of, so that it is not made again."""
    digest = hashlib.sha256("\0".join(also).encode())
    for file in sorted(files):
        digest.update(f"\0{file.as_posix()}\0".encode() + (root / file).read_bytes())
    return digest.hexdigest()
