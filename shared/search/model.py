"""What is kept of a text so that it can be found, and what a search finds."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from shared.ai.capabilities import Vector
from shared.ids import BlockId, MediaId, SessionId
from shared.values import frozen
from shared.when.model import Period

MAX_PARTS = 21
"""A chunk as a whole, and at most 20 moments of 30 characters or more. A search must go 21 times as deep as it is
long, lest parts of one chunk leave no room for others."""


@frozen
class Space:
    """What searches of a user look at: the vectors of their current model, and words in these languages.

    `languages` are text search configurations of Postgres ("portuguese"). `is_keyed`: the user has so many chunks that
    their words are looked up by keys instead of being scanned. `language` and `time_zone` are the user's own: times in
    their questions are read by them.
    """

    model_id: int
    provider: str
    model: str
    vector_count: int
    chunk_count: int
    languages: Sequence[str]
    is_keyed: bool
    language: str
    time_zone: str


@frozen
class Model:
    """An embedding model and the number its vectors carry."""

    id: int
    provider: str
    model: str


@frozen
class UsersOfModel:
    """How many users are searched by a model."""

    provider: str
    model: str
    users: int


@frozen
class BlockPlace:
    """A block, and the session it is in."""

    session_id: SessionId
    block_id: BlockId


@frozen
class Moment:
    """A few seconds of a recording and what was said in them."""

    text: str
    start_ms: int
    end_ms: int


@frozen
class ChunkDraft:
    """A chunk of a block's text before it is embedded; times in ms from the start of the recording, if any.

    `events` are the periods it speaks of.
    """

    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    moments: tuple[Moment, ...] = ()
    events: tuple[Period, ...] = ()

    @cached_property
    def content_hash(self) -> bytes:
        """Changes when anything changes that a search could show."""
        moments = [[moment.start_ms, moment.end_ms, moment.text] for moment in self.moments]
        events = [[event.start.isoformat(), event.end.isoformat()] for event in self.events]
        parts = [self.text, self.start_ms, self.end_ms, moments, *([events] if events else [])]
        return hashlib.sha256(json.dumps(parts).encode()).digest()


@frozen
class NewChunk:
    """A chunk with its vector, and one for each of its moments."""

    draft: ChunkDraft
    vector: Vector
    moment_vectors: tuple[Vector, ...] = ()


@frozen
class Hit:
    """A chunk that answers a query.

    `similarity`, 0 to 1, is that of its nearest part (what points away from the query counts as 0): the cosine as the
    repository finds it, on the scale of all models as a search answers it. `start_ms`
    and `end_ms` are the moment of the recording that comes closest to the query; None for what was not spoken.
    """

    session_id: SessionId
    block_id: BlockId
    text: str
    similarity: float
    provider: str
    start_ms: int | None
    end_ms: int | None
    media_id: MediaId | None
    created_at: datetime
