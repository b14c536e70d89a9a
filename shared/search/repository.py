"""SQL of chunks, their vectors, and the search over them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, LiteralString

from pgvector import HalfVector
from pgvector.psycopg.halfvec import HalfVectorBinaryDumper
from psycopg.rows import class_row
from psycopg.sql import SQL

from shared.db.connection import Transaction
from shared.ids import BlockId, ChunkId, SessionId, UserId
from shared.search.model import Hit, NewChunk, Vector

_ROWS_PER_INSERT = 100


@dataclass(frozen=True, kw_only=True)
class ChunkRow:
    """A chunk about to be written: its id, and its place in the block."""

    id: ChunkId
    index: int
    chunk: NewChunk


def find_model(tx: Transaction, *, provider: str, model: str) -> int | None:
    """The model's number, if it has one."""
    row = tx.execute(
        "SELECT id FROM embedding_models WHERE provider = %(provider)s AND model = %(model)s",
        {"provider": provider, "model": model},
    ).fetchone()
    return None if row is None else row[0]


def get_model(tx: Transaction, *, provider: str, model: str) -> int:
    """The number of a model known to have one."""
    number = find_model(tx, provider=provider, model=model)
    if number is None:
        raise LookupError(f"no number was given to {provider} {model}")
    return number


def insert_model(tx: Transaction, *, provider: str, model: str) -> None:
    """Give the model a number, unless somebody does so at the same time."""
    tx.execute(
        """
        INSERT INTO embedding_models (provider, model)
        VALUES (%(provider)s, %(model)s)
        ON CONFLICT (provider, model) DO NOTHING
        """,
        {"provider": provider, "model": model},
    )


def lock_block(tx: Transaction, user_id: UserId, *, session_id: SessionId, block_id: BlockId) -> bool:
    """Hold the block until the transaction ends; False if there is none."""
    row = tx.execute(
        """
        SELECT 1
        FROM session_blocks
        WHERE user_id = %(user_id)s AND id = %(block_id)s AND session_id = %(session_id)s
        FOR NO KEY UPDATE
        """,
        {"user_id": user_id, "session_id": session_id, "block_id": block_id},
    ).fetchone()
    return row is not None


def chunk_hashes(tx: Transaction, user_id: UserId, *, block_id: BlockId, model_id: int) -> dict[int, bytes]:
    """Content hash of each stored chunk of a block, by its index."""
    rows = tx.execute(
        """
        SELECT chunk_index, content_hash
        FROM chunks
        WHERE user_id = %(user_id)s AND block_id = %(block_id)s AND model_id = %(model_id)s
        """,
        {"user_id": user_id, "block_id": block_id, "model_id": model_id},
    ).fetchall()
    return {index: bytes(content_hash) for index, content_hash in rows}


def delete_chunks(
    tx: Transaction, user_id: UserId, *, block_id: BlockId, model_id: int, indexes: Sequence[int]
) -> None:
    """Forget these chunks of a block, with their vectors."""
    if not indexes:
        return
    tx.execute(
        """
        DELETE FROM chunks
        WHERE user_id = %(user_id)s
          AND block_id = %(block_id)s
          AND model_id = %(model_id)s
          AND chunk_index = ANY(%(indexes)s::integer[])
        """,
        {"user_id": user_id, "block_id": block_id, "model_id": model_id, "indexes": list(indexes)},
    )


def insert_chunks(
    tx: Transaction,
    user_id: UserId,
    *,
    session_id: SessionId,
    block_id: BlockId,
    model_id: int,
    rows: Sequence[ChunkRow],
) -> None:
    """Write chunks in one statement: the trigger that counts them runs once for each statement."""
    if not rows:
        return
    drafts = [row.chunk.draft for row in rows]
    tx.execute(
        """
        INSERT INTO chunks
          (user_id, model_id, session_id, block_id, id, chunk_index, text, start_ms, end_ms, content_hash)
        SELECT %(user_id)s, %(model_id)s, %(session_id)s, %(block_id)s, n.*
        FROM unnest(%(ids)s::uuid[], %(indexes)s::integer[], %(texts)s::text[], %(start_ms)s::integer[],
                    %(end_ms)s::integer[], %(content_hashes)s::bytea[]) AS n
        """,
        {
            "user_id": user_id,
            "model_id": model_id,
            "session_id": session_id,
            "block_id": block_id,
            "ids": [row.id for row in rows],
            "indexes": [row.index for row in rows],
            "texts": [draft.text for draft in drafts],
            "start_ms": [draft.start_ms for draft in drafts],
            "end_ms": [draft.end_ms for draft in drafts],
            "content_hashes": [draft.content_hash for draft in drafts],
        },
    )


def insert_vectors(tx: Transaction, user_id: UserId, *, model_id: int, rows: Sequence[ChunkRow]) -> None:
    """Write the vectors of chunks already written."""
    _insert(
        tx,
        "INSERT INTO chunk_vectors (user_id, model_id, chunk_id, embedding) VALUES ",
        "(%s, %s, %s, %b::halfvec(1536))",
        ((user_id, model_id, row.id, _halfvec(row.chunk.vector)) for row in rows),
    )


def insert_moments(tx: Transaction, user_id: UserId, *, model_id: int, rows: Sequence[ChunkRow]) -> None:
    """Write the moments of chunks already written: of their vectors only the signs."""
    _insert(
        tx,
        "INSERT INTO chunk_moments (user_id, model_id, chunk_id, moment_index, start_ms, end_ms, bits) VALUES ",
        "(%s, %s, %s, %s, %s, %s, binary_quantize(%b::halfvec(1536))::bit(1536))",
        (
            (user_id, model_id, row.id, index, moment.start_ms, moment.end_ms, _halfvec(vector))
            for row in rows
            for index, (moment, vector) in enumerate(
                zip(row.chunk.draft.moments, row.chunk.moment_vectors, strict=True)
            )
        ),
    )


_SEARCH = """
WITH space AS (
  SELECT id
  FROM embedding_models
  WHERE provider = %(provider)s AND model = %(model)s
),
-- A sub-select, so that the query is quantised once and not for each row.
query AS (
  SELECT binary_quantize(%(query)b::halfvec(1536))::bit(1536) AS bits
),
candidates AS MATERIALIZED (
  SELECT chunk_id
  FROM chunk_vectors
  WHERE user_id = %(user_id)s AND model_id = (SELECT id FROM space)
  ORDER BY bits <~> (SELECT bits FROM query)
  LIMIT greatest(100, least(1000, (
    SELECT chunk_count / 100
    FROM chunk_counts
    WHERE user_id = %(user_id)s AND model_id = (SELECT id FROM space))))
),
-- A scalar sub-select for each candidate: joined, a generic plan hashes all of the user's vectors.
ranked AS MATERIALIZED (
  SELECT chunk_id, (
    SELECT v.embedding <#> %(query)b::halfvec(1536)
    FROM chunk_vectors v
    WHERE v.user_id = %(user_id)s AND v.model_id = (SELECT id FROM space) AND v.chunk_id = c.chunk_id) AS distance
  FROM candidates c
  ORDER BY distance, chunk_id
  LIMIT %(limit)s
)
SELECT c.session_id, c.block_id, c.text, %(provider)s::text AS provider, b.media_id, b.created_at,
       least(1, greatest(0, -r.distance)) AS similarity,
       coalesce(m.start_ms, c.start_ms) AS start_ms,
       coalesce(m.end_ms, c.end_ms) AS end_ms
FROM ranked r
JOIN chunks c ON c.user_id = %(user_id)s AND c.model_id = (SELECT id FROM space) AND c.id = r.chunk_id
JOIN session_blocks b ON b.user_id = %(user_id)s AND b.id = c.block_id
LEFT JOIN LATERAL (
  SELECT start_ms, end_ms
  FROM chunk_moments
  WHERE user_id = %(user_id)s AND model_id = (SELECT id FROM space) AND chunk_id = r.chunk_id
  ORDER BY bits <~> (SELECT bits FROM query), moment_index
  LIMIT 1
) m ON true
WHERE greatest(0, -r.distance) >= %(threshold)s
ORDER BY r.distance, r.chunk_id
"""


def nearest(
    tx: Transaction, user_id: UserId, *, provider: str, model: str, query: Vector, limit: int, threshold: float
) -> list[Hit]:
    """The user's chunks of this model nearest to a vector, nearest first; `limit` is at most 100.

    Sign bits are scanned inside the primary key's index, then the nearest 100 to 1,000 (a hundredth of what the
    user has) are ranked by the full vectors (docs/adr/0006).
    """
    with tx.cursor(row_factory=class_row(Hit)) as cursor:
        cursor.adapters.register_dumper(HalfVector, HalfVectorBinaryDumper)
        return cursor.execute(
            _SEARCH,
            {
                "user_id": user_id,
                "provider": provider,
                "model": model,
                "query": _halfvec(query),
                "limit": limit,
                "threshold": threshold,
            },
        ).fetchall()


def _insert(tx: Transaction, head: LiteralString, values: LiteralString, rows: Iterator[tuple[Any, ...]]) -> None:
    """INSERT many rows by few statements, vectors in binary: as text the same takes 21 times as long.

    COPY would be faster still, but Postgres refuses it on tables with row-level security.
    """
    with tx.cursor() as cursor:
        cursor.adapters.register_dumper(HalfVector, HalfVectorBinaryDumper)
        while batch := list(islice(rows, _ROWS_PER_INSERT)):
            statement = SQL(head) + SQL(", ").join([SQL(values)] * len(batch))
            cursor.execute(statement, [value for row in batch for value in row])


def _halfvec(vector: Vector) -> HalfVector:
    return HalfVector(list(vector))
