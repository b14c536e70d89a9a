"""Finds the sessions that are about the same as one, with the passages that made them so."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.db.connection import Database
from shared.errors import NotFound
from shared.ids import BlockId, MediaId, SessionId, UserId
from shared.search import related_repository
from shared.search.depth import EXACT_VECTORS, depth_of
from shared.search.find_space import find_space
from shared.search.relatedness import RELATED, cut_of, similarity_at
from shared.values import frozen


@frozen
class Passage:
    """A chunk of a session. `start_ms` is where in the recording `media_id` it begins; None for what was not spoken."""

    block_id: BlockId
    text: str
    start_ms: int | None
    media_id: MediaId | None


@frozen
class RelatedSession:
    """Another session, how near it is (0 to 1), and the two passages that are nearest to each other."""

    session_id: SessionId
    title: str | None
    created_at: datetime
    similarity: float
    mine: Passage
    theirs: Passage


def related_sessions(db: Database, user_id: UserId, session_id: SessionId, *, limit: int) -> Sequence[RelatedSession]:
    """At most `limit` of the user's other sessions, nearest first; none where nothing is near enough.

    The session's own vectors ask, of the model the user is searched by: no embedder is. A session that is not processed
    has none, and so nothing is like it.

    Raises:
        NotFound: the user has no such session.
    """
    with db.transaction(user_id) as tx:
        if not related_repository.has_session(tx, user_id, session_id):
            raise NotFound
        space = find_space(tx, user_id)
        if space is None:
            return []
        rows = related_repository.nearest_sessions(
            tx,
            user_id,
            space,
            session_id=session_id,
            depth=_depth(space.vector_count, limit),
            limit=limit,
        )
    found = (_related(row) for row in rows)
    return [related for related in found if related.similarity >= RELATED]


def _depth(vector_count: int, limit: int) -> int:
    """All of few; of many as many as a search compares."""
    return EXACT_VECTORS if vector_count <= EXACT_VECTORS else depth_of(vector_count, results=limit)


def _related(row: Mapping[str, Any]) -> RelatedSession:
    return RelatedSession(
        session_id=row["session_id"],
        title=row["title"],
        created_at=row["created_at"],
        similarity=similarity_at(row["cosine"], cut=cut_of(row["chunk_count"])),
        mine=_passage(row, "my"),
        theirs=_passage(row, "their"),
    )


def _passage(row: Mapping[str, Any], whose: str) -> Passage:
    return Passage(**{part: row[f"{whose}_{part}"] for part in ("block_id", "text", "start_ms", "media_id")})
