"""What a hybrid search is asked, and what it answers, as values."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Literal
from uuid import UUID

from shared.ids import BlockId, ChunkId, MediaId, SessionId
from shared.values import frozen
from shared.when.model import Period

MOST_RESULTS = 100
"""How far the pages of one search go: so many results in all."""

Leg = Literal["meaning", "words"]
LEGS: tuple[Leg, ...] = ("meaning", "words")

Reason = Literal["meaning", "words", "time"]
"""Why a chunk is found: by a leg, or, where a time alone was asked for, by its time."""


@frozen
class Filters:
    """What a search is confined to; None confines nothing.

    `captured_from` up to, and without, `captured_to`: when the block was captured. `period`: captured in it, or
    speaking of it.
    """

    captured_from: datetime | None = None
    captured_to: datetime | None = None
    session_type: str | None = None
    session_id: UUID | None = None
    block_type: str | None = None
    period: Period | None = None

    @property
    def is_empty(self) -> bool:
        """Whether everything may be found."""
        return all(getattr(self, field.name) is None for field in fields(self))


@frozen
class Asked:
    """A question, and how it is to be answered.

    `threshold`: the similarity below which nothing counts as meant. `skip`: how many results the pages before had.
    `language` and `time_zone` are those of the question, by which times in it are read; None: the user's own.
    `now` is when it is asked; None: this moment.
    `legs`: what is looked at; both, unless one is to be measured alone. A question of a time alone needs neither.
    """

    query: str
    limit: int
    threshold: float
    skip: int = 0
    filters: Filters = Filters()
    language: str | None = None
    time_zone: str | None = None
    now: datetime | None = None
    legs: Sequence[Leg] = LEGS


@frozen
class Term:
    """One word of a question: every form in which a chunk may have it, one for each of the user's languages."""

    lexemes: tuple[str, ...]


@frozen
class Near:
    """A chunk found by its meaning, and the cosine of its nearest part."""

    chunk_id: ChunkId
    cosine: float


@frozen
class Ranked:
    """A chunk in its place: its score, the cosine if it was found by meaning, and what found it."""

    chunk_id: ChunkId
    score: float
    cosine: float | None
    matched_by: tuple[Reason, ...]


@frozen
class Passage:
    """A chunk as it is shown. `start_ms` and `end_ms` are the moment of the recording that comes closest."""

    chunk_id: ChunkId
    session_id: SessionId
    block_id: BlockId
    text: str
    start_ms: int | None
    end_ms: int | None
    media_id: MediaId | None
    captured_at: datetime
    created_at: datetime
    events: Sequence[Period]


@frozen
class Mark:
    """A stretch of a text that matches: `text[start:end]`, in characters."""

    start: int
    end: int


@frozen
class Result:
    """One answer: the passage, why it is one, and where its words match.

    `similarity` (0 to 1, RELEVANT and more is about what was asked) is None for what was not found by its meaning.
    """

    passage: Passage
    score: float
    similarity: float | None
    matched_by: tuple[Reason, ...]
    highlights: tuple[Mark, ...]
    provider: str


@frozen
class Answer:
    """A page of results, best first, of `total` in all.

    `is_degraded`: the question could not be embedded, so only words were looked for. `period`: what a time in the
    question narrowed the search to.
    """

    results: Sequence[Result]
    total: int
    is_degraded: bool
    period: Period | None
