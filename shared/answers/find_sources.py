"""Finds the chunks of a user's notes that may answer a question."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo

from shared.ai.ask_prompt import passage_tokens
from shared.ai.embedders import Embedders
from shared.ai.embedding_models import RELEVANT
from shared.answers.model import Found, Source
from shared.answers.orders import find_orders, without
from shared.db.connection import Database
from shared.ids import BlockId, UserId
from shared.search.asked import Asked, Passage
from shared.search.hybrid_search import hybrid_search
from shared.sessions.blocks_by_ids import blocks_by_ids
from shared.sessions.model import Block
from shared.when.zones import zone_or_utc

MOST_SOURCES = 12
MOST_SOURCE_TOKENS = 4_000


def find_sources(
    db: Database, embedders: Embedders, user_id: UserId, *, query: str, time_zone: str, now: datetime | None = None
) -> Found:
    """The best of the user's chunks that mean or say what is asked, as many as a prompt takes; none, if none does.

    `time_zone` (an IANA name; UTC if there is none such) is the user's, by which they know on which day they captured
    something.
    """
    answer = hybrid_search(db, embedders, user_id, Asked(query=query, limit=MOST_SOURCES, threshold=RELEVANT, now=now))
    if not answer.results:
        return Found(sources=(), is_degraded=answer.is_degraded)
    with db.transaction(user_id) as tx:
        blocks = blocks_by_ids(tx, user_id, [result.passage.block_id for result in answer.results])
    sources = _sources([result.passage for result in answer.results], blocks, zone_or_utc(time_zone))
    return Found(sources=tuple(_within_budget(sources)), is_degraded=answer.is_degraded)


def shown_text(source: Source) -> str:
    """What a model is shown of a source."""
    return without(source.text, source.orders)


def _sources(passages: Sequence[Passage], blocks: Mapping[BlockId, Block], zone: tzinfo) -> Iterator[Source]:
    there = [passage for passage in passages if passage.block_id in blocks]  # a block may have been deleted since
    for number, passage in enumerate(there, start=1):
        yield Source(
            number=number,
            text=passage.text,
            block=blocks[passage.block_id],
            captured_on=_day(passage.captured_at, zone),
            start_ms=passage.start_ms,
            end_ms=passage.end_ms,
            orders=find_orders(passage.text),
        )


def _day(moment: datetime, zone: tzinfo) -> date:
    try:
        return moment.astimezone(zone).date()
    except OverflowError:  # within hours of the year 1 or 9999: a phone's clock may say anything
        return moment.date()


def _within_budget(sources: Iterator[Source]) -> Iterator[Source]:
    left = MOST_SOURCE_TOKENS
    for source in sources:
        left -= passage_tokens(source.text)
        if left < 0:
            return
        yield source
