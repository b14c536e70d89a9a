"""Sessions of a ZIP with all that is theirs, a few at a time. Pure."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar
from uuid import UUID

from shared.takeout.brought_rows import BlockRow, MediaRow, SessionRow
from shared.values import frozen

_MOST_SESSIONS = 100
_MOST_TEXT = 4_000_000
_MOST_FILES = 100

RowT = TypeVar("RowT")


@frozen
class Captured:
    """A session, its files and its blocks."""

    session: SessionRow
    media: Sequence[MediaRow]
    blocks: Sequence[BlockRow]

    @property
    def text_size(self) -> int:
        """About how much there is to write."""
        return sum(len(block.text_content or "") + 500 for block in self.blocks)

    @property
    def is_findable(self) -> bool:
        """It was processed, and there is something to find in it."""
        return self.session.status == "processed" and any(block.has_text for block in self.blocks)

    @property
    def print(self) -> tuple[object, ...]:
        """What it is, in short: as `session_prints` has it of one that is there."""
        s = self.session
        told = tuple(_print(block) for block in self.blocks)
        return (s.session_type, s.language, s.title, s.ai_summary, s.created_at, told)

    def blocks_besides(self, held: tuple[object, ...]) -> list[UUID]:
        """Blocks that are not the same in the session of that print."""
        theirs = held[-1]
        return [block.id for block in self.blocks if not isinstance(theirs, tuple) or _print(block) not in theirs]


class Following(Generic[RowT]):
    """Rows in the order of what they belong to, taken as that is gone through in the same order."""

    def __init__(self, rows: Iterator[RowT], owner: Callable[[RowT], UUID]) -> None:
        self._rows = rows
        self._owner = owner
        self._next = next(rows, None)

    def of(self, owner_id: UUID) -> list[RowT]:
        """The rows of that owner; those of owners before it that nobody asked for are passed over."""
        found: list[RowT] = []
        while self._next is not None and self._owner(self._next) <= owner_id:
            if self._owner(self._next) == owner_id:
                found.append(self._next)
            self._next = next(self._rows, None)
        return found


def captured_in(
    sessions: Iterator[SessionRow], media: Iterator[MediaRow], blocks: Iterator[BlockRow]
) -> Iterator[list[Captured]]:
    """Portions that fit one transaction."""
    files, texts = Following(media, lambda row: row.session_id), Following(blocks, lambda row: row.session_id)
    portion: list[Captured] = []
    for session in sessions:
        portion.append(Captured(session=session, media=files.of(session.id), blocks=texts.of(session.id)))
        if _is_full(portion):
            yield portion
            portion = []
    if portion:
        yield portion


def _is_full(portion: Sequence[Captured]) -> bool:
    return (
        len(portion) >= _MOST_SESSIONS
        or sum(one.text_size for one in portion) >= _MOST_TEXT
        or sum(len(one.media) for one in portion) >= _MOST_FILES
    )


def _print(block: BlockRow) -> str:
    digest = hashlib.md5((block.text_content or "").encode(), usedforsecurity=False)
    return f"{block.id}:{digest.hexdigest()}"
