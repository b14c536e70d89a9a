"""Finds the chunks of a user's notes that may answer a question."""

from collections.abc import Iterator, Mapping, Sequence

from shared.ai.ask_prompt import passage_tokens
from shared.ai.embedders import Embedders
from shared.ai.embedding_models import RELEVANT
from shared.answers.model import Found, Source
from shared.answers.orders import find_orders, without
from shared.db.connection import Database
from shared.ids import BlockId, UserId
from shared.search.model import Hit
from shared.search.semantic_search import semantic_search
from shared.sessions.blocks_by_ids import blocks_by_ids
from shared.sessions.model import Block

MOST_SOURCES = 12
MOST_SOURCE_TOKENS = 4_000


def find_sources(db: Database, embedders: Embedders, user_id: UserId, *, query: str) -> Found:
    """The best of the user's chunks that are near enough to `query`, as many as a prompt takes; none, if none is.

    Raises:
        VendorDown: the query could not be embedded; says when to try again.
    """
    hits = semantic_search(db, embedders, user_id, query=query, limit=MOST_SOURCES, threshold=RELEVANT)
    if not hits:
        return Found(sources=())
    with db.transaction(user_id) as tx:
        blocks = blocks_by_ids(tx, user_id, [hit.block_id for hit in hits])
    return Found(sources=tuple(_within_budget(_sources(hits, blocks))))


def shown_text(source: Source) -> str:
    """What a model is shown of a source."""
    return without(source.text, source.orders)


def _sources(hits: Sequence[Hit], blocks: Mapping[BlockId, Block]) -> Iterator[Source]:
    there = [hit for hit in hits if hit.block_id in blocks]  # a block may have been deleted since
    for number, hit in enumerate(there, start=1):
        yield Source(
            number=number,
            text=hit.text,
            block=blocks[hit.block_id],
            start_ms=hit.start_ms,
            end_ms=hit.end_ms,
            orders=find_orders(hit.text),
        )


def _within_budget(sources: Iterator[Source]) -> Iterator[Source]:
    left = MOST_SOURCE_TOKENS
    for source in sources:
        left -= passage_tokens(source.text)
        if left < 0:
            return
        yield source
