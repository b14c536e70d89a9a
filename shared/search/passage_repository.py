"""SQL of what results are shown with."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg.types.range import Range

from shared.ai.capabilities import Vector
from shared.db.connection import Transaction
from shared.ids import ChunkId, UserId
from shared.search.asked import Passage, Term
from shared.search.model import Space
from shared.search.words import as_tsquery
from shared.when.model import Period


def find_passages(
    tx: Transaction, user_id: UserId, space: Space, *, chunk_ids: Sequence[ChunkId], query: "Vector | None"
) -> dict[ChunkId, Passage]:
    """These chunks as they are shown. With a query's vector, a recording is pointed into where it comes closest."""
    rows: Sequence[tuple[Any, ...]] = tx.execute(
        """
        SELECT chunk_id, session_id, block_id, text, start_ms, end_ms, media_id, captured_at, created_at, events
        FROM passages_of(%(user_id)s, %(model_id)s, %(chunk_ids)s::uuid[], %(query)b)
        """,
        {"user_id": user_id, "model_id": space.model_id, "chunk_ids": list(chunk_ids), "query": query},
    ).fetchall()
    return {row[0]: _passage(row) for row in rows}


def _passage(row: Sequence[Any]) -> Passage:
    """A row of the statement above, in its order."""
    chunk_id, session_id, block_id, text, start_ms, end_ms, media_id, captured_at, created_at, events = row
    ranges: Sequence[Range[datetime]] = list(events)
    return Passage(
        chunk_id=chunk_id,
        session_id=session_id,
        block_id=block_id,
        text=text,
        start_ms=start_ms,
        end_ms=end_ms,
        media_id=media_id,
        captured_at=captured_at,
        created_at=created_at,
        events=tuple(Period(start=one.lower, end=one.upper) for one in ranges if one.lower and one.upper),
    )


def matching_words(
    tx: Transaction, *, words: Sequence[str], terms: Sequence[Term], languages: Sequence[str]
) -> frozenset[str]:
    """Those of the words that one of the terms is a form of, in any of the languages."""
    rows = tx.execute(
        "SELECT word FROM words_that_match(%(words)s, %(languages)s, %(any)s::tsquery) AS matching(word)",
        {"words": list(words), "languages": list(languages), "any": as_tsquery(terms)},
    ).fetchall()
    return frozenset(word for (word,) in rows)
