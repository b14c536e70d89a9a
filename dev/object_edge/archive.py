"""The copy of every object kept on disk, so that the local bucket survives a restart.

One object is one file: a line of JSON (`KeptObject`), then the bytes. Its name is a digest of bucket and key,
so no key can reach outside the folder. A file is complete or absent: written beside, synced, then renamed.
Kept: bytes, content headers, metadata, the ETag and (of a multipart upload) the sizes of its parts.
Not kept: unfinished multipart uploads, later changes of tags, modification times.
"""

import hashlib
import os
import shutil
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict, ValidationError

COPY_BYTES = 1024 * 1024
OBJECT_SUFFIX = ".object"
UNFINISHED_SUFFIX = ".part"
KEPT_HEADERS = frozenset(
    {
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-type",
        "expires",
        "x-amz-sdk-checksum-algorithm",
        "x-amz-storage-class",
        "x-amz-tagging",
        "x-amz-website-redirect-location",
    }
)
KEPT_PREFIXES = ("x-amz-meta-", "x-amz-checksum-")


class KeptObject(BaseModel):
    """The first line of a kept file. `etag` is quoted, as S3 sends it; `part_sizes` are bytes, in order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bucket: str
    key: str
    headers: dict[str, str]
    etag: str
    size_bytes: int
    sha256_hex: str
    part_sizes: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Archive:
    """A folder of kept objects. Every method blocks on the disk."""

    folder: Path
    _objects: Path = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_objects", self.folder / "objects")
        self._objects.mkdir(parents=True, exist_ok=True)

    def stage(self, kept: KeptObject, body: IO[bytes]) -> Path:
        """Writes and syncs the object under a temporary name; the body is left at its start."""
        staged = self._objects / f"{uuid.uuid4().hex}{UNFINISHED_SUFFIX}"
        with staged.open("xb") as file:
            file.write(kept.model_dump_json().encode() + b"\n")
            shutil.copyfileobj(body, file, COPY_BYTES)
            file.flush()
            os.fsync(file.fileno())
        body.seek(0)
        return staged

    def commit(self, staged: Path, *, bucket: str, key: str) -> None:
        """Puts a staged object in its place, over an earlier one of the same key."""
        place = self._place(bucket, key)
        place.parent.mkdir(exist_ok=True)
        staged.replace(place)
        _sync_folder(place.parent)
        _sync_folder(self._objects)

    def discard(self, staged: Path) -> None:
        """Forgets a staged object that the bucket did not accept."""
        staged.unlink(missing_ok=True)

    def delete(self, *, bucket: str, key: str) -> None:
        """Forgets an object; one that was never kept is no error."""
        place = self._place(bucket, key)
        if place.exists():
            place.unlink()
            _sync_folder(place.parent)

    def remove_unfinished(self) -> None:
        """Removes what a crash left half written. Only while nothing is being staged."""
        for leftover in self._objects.glob(f"*{UNFINISHED_SUFFIX}"):
            leftover.unlink()

    def paths(self) -> Iterator[Path]:
        """Every kept file, in a stable order."""
        yield from sorted(self._objects.glob(f"*/*{OBJECT_SUFFIX}"))

    def _place(self, bucket: str, key: str) -> Path:
        # A bucket's name holds no slash, so the two cannot run into each other.
        name = hashlib.sha256(f"{bucket}/{key}".encode()).hexdigest()
        return self._objects / name[:2] / f"{name}{OBJECT_SUFFIX}"


class DamagedFile(ValueError):
    """A kept file that does not hold what its first line says."""


@contextmanager
def open_kept(path: Path) -> Generator[tuple[KeptObject, IO[bytes]], None, None]:
    """Opens a kept file at the first byte of its body, after checking size and digest.

    Raises:
        DamagedFile: the first line or the bytes are not what was written.
    """
    with path.open("rb") as file:
        try:
            kept = KeptObject.model_validate_json(file.readline())
        except ValidationError as broken:
            raise DamagedFile(path.name) from broken
        start = file.tell()
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        if (file.tell() - start, digest) != (kept.size_bytes, kept.sha256_hex):
            raise DamagedFile(path.name)
        file.seek(start)
        yield kept, file


def headers_to_keep(headers: dict[str, str]) -> dict[str, str]:
    """The headers of an object, by lower-case name, that come back with it."""
    return {name: value for name, value in headers.items() if _is_kept(name)}


def _is_kept(name: str) -> bool:
    return name in KEPT_HEADERS or name.startswith(KEPT_PREFIXES)


def _sync_folder(folder: Path) -> None:
    # A rename lives in the folder, so it is the folder that has to reach the disk.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
