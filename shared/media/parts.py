"""Files too large for one request: how they are cut, and which of their parts are there. Pure.

Every part but the last has the same size, so that a phone can cut a file before it asks, and hash its parts once.
"""

from collections.abc import Sequence
from datetime import datetime

from shared.errors import Invalid
from shared.values import frozen

ONE_PIECE_BYTES = 16 * 1024 * 1024
"""The largest file that goes in one PUT; a larger one goes in parts."""

PART_BYTES = 8 * 1024 * 1024
"""S3 wants 5 MiB at least. A part is what a phone sends again after a broken connection."""


@frozen
class Part:
    """A stretch of a file. `sha256` (hex) is what the phone said it would be; numbers begin with 1."""

    number: int
    offset_bytes: int
    size_bytes: int
    sha256: str | None


@frozen
class StoredPart:
    """A part as the store has it. `sha256` (hex) is the store's own reckoning; not every store tells."""

    number: int
    size_bytes: int
    etag: str
    sha256: str | None


@frozen
class UnfinishedUpload:
    """An upload in parts that the store still holds open; `begun_at` is the store's clock."""

    object_key: str
    upload_id: str
    begun_at: datetime


@frozen
class UnfinishedPage:
    """Some unfinished uploads in the order of their keys; `next_after` is None at the end."""

    uploads: tuple[UnfinishedUpload, ...]
    next_after: str | None


def goes_in_parts(size_bytes: int) -> bool:
    """Whether a file of that size does."""
    return size_bytes > ONE_PIECE_BYTES


def plan_parts(size_bytes: int, part_sha256: Sequence[str] | None) -> tuple[Part, ...]:
    """The parts of a file, which cover it once and in order. `part_sha256` has one entry for each."""
    offsets = range(0, size_bytes, PART_BYTES)
    digests: Sequence[str | None] = part_sha256 or [None] * len(offsets)
    return tuple(
        Part(number=number, offset_bytes=offset, size_bytes=min(PART_BYTES, size_bytes - offset), sha256=digest)
        for number, (offset, digest) in enumerate(zip(offsets, digests, strict=True), start=1)
    )


def check_digests(size_bytes: int, *, sha256: str | None, part_sha256: Sequence[str] | None) -> None:
    """What a phone states of its bytes is held against them by the store, or refused here. Raises Invalid.

    The store checks a file in parts by its parts: SHA-256 of a whole cannot be reckoned from those of its parts.
    """
    if not goes_in_parts(size_bytes):
        if part_sha256 is not None:
            raise Invalid(f"A file of up to {ONE_PIECE_BYTES} bytes goes in one piece: leave part_sha256 out.")
        return
    count = len(range(0, size_bytes, PART_BYTES))
    if part_sha256 is not None and len(part_sha256) != count:
        raise Invalid(f"This file goes in {count} parts of {PART_BYTES} bytes: part_sha256 needs one digest for each.")
    if sha256 is not None and part_sha256 is None:
        raise Invalid(f"This file goes in parts of {PART_BYTES} bytes: state part_sha256 as well, or no sha256 at all.")


def missing_parts(planned: Sequence[Part], stored: Sequence[StoredPart]) -> list[Part]:
    """The parts still to be sent: not there, or there with other bytes than were declared."""
    there = {part.number: part for part in stored}
    return [part for part in planned if not _is_the_same(part, there.get(part.number))]


def _is_the_same(planned: Part, stored: StoredPart | None) -> bool:
    if stored is None or stored.size_bytes != planned.size_bytes:
        return False
    return None in (planned.sha256, stored.sha256) or planned.sha256 == stored.sha256
