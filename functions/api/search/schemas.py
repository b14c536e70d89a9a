"""The wire shapes of search."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.edge.endpoint import Body, Query
from shared.edge.shape import shape
from shared.search.model import Hit

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


@dataclass(frozen=True, kw_only=True)
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


@dataclass(frozen=True, kw_only=True)
class SearchOut:
    """What was asked, and what answers it, best first."""

    query: str
    results: list[ResultOut]
    total_results: int

    @classmethod
    def of(cls, query: str, hits: Sequence[Hit]) -> "SearchOut":
        """The wire shape of an answer."""
        return cls(query=query, results=[ResultOut.of(hit) for hit in hits], total_results=len(hits))
