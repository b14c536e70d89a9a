"""The wire shapes of search."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from shared.ai.embedding_models import RELEVANT
from shared.edge.endpoint import Body, Query
from shared.edge.ranked_pages import RankedCursor, write_skip
from shared.edge.shape import shape
from shared.edge.texts import TimeZone
from shared.edge.times import Instant
from shared.search.asked import Answer, Filters, Result
from shared.search.model import Hit
from shared.values import frozen
from shared.when.model import Period

QueryText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)]
Limit = Annotated[int, Field(ge=1, le=50)]
Threshold = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]

DEFAULT_LIMIT = 10


class SearchQuery(Query):
    """POST /api/search/semantic, asked by its query string."""

    query: QueryText | None = None
    limit: Limit | None = None
    threshold: Threshold | None = None


class SearchBody(Body):
    """The same as a body; what it names wins over the query string."""

    query: QueryText | None = None
    limit: Limit | None = None
    threshold: Threshold | None = None


@frozen
class ResultOut:
    """One chunk of the caller's notes. Times are ms from the start of the recording `media_id`."""

    session_id: UUID
    block_id: UUID
    text: str
    similarity: float
    provider: str
    start_ms: int | None
    end_ms: int | None
    media_id: UUID | None
    created_at: datetime

    @classmethod
    def of(cls, hit: Hit) -> "ResultOut":
        """The wire shape of a hit."""
        return shape(cls, hit, similarity=round(hit.similarity, 4))


@frozen
class SearchOut:
    """What was asked, and what answers it, best first."""

    query: str
    results: list[ResultOut]
    total_results: int

    @classmethod
    def of(cls, query: str, hits: Sequence[Hit]) -> "SearchOut":
        """The wire shape of an answer."""
        return cls(query=query, results=[ResultOut.of(hit) for hit in hits], total_results=len(hits))


class FiltersIn(Body):
    """What a search is confined to; `from` up to, and without, `to` is when it was captured."""

    model_config = ConfigDict(populate_by_name=False)

    captured_from: Instant | None = Field(default=None, alias="from")
    captured_to: Instant | None = Field(default=None, alias="to")
    session_type: Literal["voice", "image", "mixed"] | None = None
    session_id: UUID | None = None
    block_type: Literal["voice", "image", "marker"] | None = None

    def as_filters(self) -> Filters:
        """The same as a value of the domain."""
        return Filters(**{name: getattr(self, name) for name in FiltersIn.model_fields})


class HybridBody(Body):
    """POST /api/search. `language` and `time_zone` are those of the question; without them, the caller's own."""

    query: QueryText
    limit: Limit = DEFAULT_LIMIT
    cursor: RankedCursor | None = None
    filters: Annotated[FiltersIn, Field(default_factory=FiltersIn)]
    threshold: Threshold = RELEVANT
    language: (
        Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", max_length=35)] | None
    ) = None
    time_zone: TimeZone | None = None


@frozen
class MarkOut:
    """A stretch of a text, in characters (Unicode code points)."""

    start: int
    end: int


@frozen
class HybridResultOut:
    """One chunk of the caller's notes, why it was found, and where its words match.

    Times in ms are from the start of the recording `media_id`. `events` are the periods it speaks of.
    """

    session_id: UUID
    block_id: UUID
    text: str
    score: float
    similarity: float | None
    matched_by: Sequence[str]
    highlights: list[MarkOut]
    provider: str
    start_ms: int | None
    end_ms: int | None
    media_id: UUID | None
    captured_at: datetime
    created_at: datetime
    events: list[dict[str, datetime]]

    @classmethod
    def of(cls, result: Result) -> "HybridResultOut":
        """The wire shape of a result."""
        return shape(
            cls,
            result.passage,
            score=round(result.score, 6),
            similarity=None if result.similarity is None else round(result.similarity, 4),
            matched_by=result.matched_by,
            highlights=[MarkOut(start=mark.start, end=mark.end) for mark in result.highlights],
            provider=result.provider,
            events=[_period(event) for event in result.passage.events],
        )


@frozen
class HybridOut:
    """A page of what answers, best first; `total_results` of all pages. `next_cursor` is null on the last.

    `degraded`: the question could not be understood just now, and only its words were looked for. `period`: what a time
    in the question narrowed the search to.
    """

    query: str
    results: list[HybridResultOut]
    total_results: int
    next_cursor: str | None
    degraded: bool
    period: dict[str, datetime] | None

    @classmethod
    def of(cls, body: HybridBody, answer: Answer, *, skipped: int) -> "HybridOut":
        """The wire shape of an answer."""
        seen = skipped + len(answer.results)
        return cls(
            query=body.query,
            results=[HybridResultOut.of(result) for result in answer.results],
            total_results=answer.total,
            next_cursor=write_skip(seen, body) if answer.results and seen < answer.total else None,
            degraded=answer.is_degraded,
            period=None if answer.period is None else _period(answer.period),
        )


def _period(period: Period) -> dict[str, datetime]:
    return {"from": period.start, "to": period.end}
