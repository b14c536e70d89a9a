"""SQL of what results are shown with."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pgvector import HalfVector
from pgvector.psycopg.halfvec import HalfVectorBinaryDumper
from psycopg.types.range import Range

from shared.db.connection import Transaction
from shared.ids import ChunkId, UserId
from shared.search.asked import Passage, Term
from shared.search.model import Space, Vector
from shared.search.words import as_tsquery
from shared.when.model import Period


def find_passages(
    tx: Transaction, user_id: UserId, space: Space, *, chunk_ids: Sequence[ChunkId], query: Vector | None
) -> dict[ChunkId, Passage]:
    """These chunks as they are shown. With a query's vector, a recording is pointed into where it comes closest."""
    with tx.cursor() as cursor:
        cursor.adapters.register_dumper(HalfVector, HalfVectorBinaryDumper)
        rows: Sequence[tuple[Any, ...]] = cursor.execute(
            """
            SELECT c.id, c.session_id, c.block_id, c.text, coalesce(said.start_ms, c.start_ms),
                   coalesce(said.end_ms, c.end_ms), b.media_id, b.captured_at, b.created_at, c.events
            FROM unnest(%(chunk_ids)s::uuid[]) AS wanted(id)
            CROSS JOIN LATERAL (
              SELECT id, session_id, block_id, text, start_ms, end_ms, events
              FROM chunks
              WHERE user_id = %(user_id)s AND model_id = %(model_id)s AND id = wanted.id
              LIMIT 1
            ) c
            CROSS JOIN LATERAL (
              SELECT media_id, captured_at, created_at
              FROM session_blocks
              WHERE user_id = %(user_id)s AND id = c.block_id
              LIMIT 1
            ) b
            LEFT JOIN LATERAL (
              SELECT v.start_ms, v.end_ms
              FROM chunk_vectors v
              WHERE %(query)b::halfvec(1536) IS NOT NULL
                AND v.user_id = %(user_id)s
                AND v.model_id = %(model_id)s
                AND v.chunk_id = wanted.id
                AND v.part > 0
              ORDER BY v.embedding <#> %(query)b::halfvec(1536)
              LIMIT 1
            ) said ON true
            """,
            {
                "user_id": user_id,
                "model_id": space.model_id,
                "chunk_ids": list(chunk_ids),
                "query": None if query is None else HalfVector(list(query)),
            },
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
        """
        SELECT w.word
        FROM unnest(%(words)s::text[]) AS w(word)
        WHERE EXISTS (
          SELECT FROM unnest(%(languages)s::text[]) AS l(name)
          WHERE words_of(l.name::regconfig, w.word) @@ %(any)s::tsquery
        )
        """,
        {"words": list(words), "languages": list(languages), "any": as_tsquery(terms)},
    ).fetchall()
    return frozenset(word for (word,) in rows)
