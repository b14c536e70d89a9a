"""The wire shapes of sessions that are about the same."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.edge.endpoint import Query
from shared.edge.shape import shape
from shared.ids import SessionId
from shared.search.related_sessions import RelatedSession
from shared.values import frozen


class RelatedQuery(Query):
    """GET /api/sessions/{session_id}/related."""

    limit: Annotated[int, Field(ge=1, le=20)] = 5


@frozen
class PassageOut:
    """A passage of a session; `start_ms` from the start of the recording `media_id`."""

    block_id: UUID
    text: str
    start_ms: int | None
    media_id: UUID | None


@frozen
class BecauseOut:
    """The two passages that are nearest to each other."""

    mine: PassageOut
    theirs: PassageOut


@frozen
class RelatedSessionOut:
    """Another session that is about the same."""

    session_id: UUID
    title: str | None
    created_at: datetime
    similarity: float
    because: BecauseOut

    @classmethod
    def of(cls, related: RelatedSession) -> "RelatedSessionOut":
        """The wire shape of a related session."""
        because = BecauseOut(mine=shape(PassageOut, related.mine), theirs=shape(PassageOut, related.theirs))
        return shape(cls, related, similarity=round(related.similarity, 4), because=because)


@frozen
class RelatedOut:
    """The session that was asked about, and those like it, nearest first."""

    session_id: UUID
    results: list[RelatedSessionOut]

    @classmethod
    def of(cls, session_id: SessionId, found: Sequence[RelatedSession]) -> "RelatedOut":
        """The wire shape of an answer."""
        return cls(session_id=session_id, results=[RelatedSessionOut.of(related) for related in found])
