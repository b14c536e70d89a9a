"""SQL of chunks, their vectors, and the search over them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pgvector import HalfVector
from pgvector.psycopg.halfvec import HalfVectorBinaryDumper
from psycopg.rows import class_row
from psycopg.sql import SQL

from shared.db.connection import Transaction
from shared.ids import BlockId, ChunkId, SessionId, UserId
from shared.search.model import MAX_PARTS, Hit, NewChunk, Vector

_ROWS_PER_INSERT = 100

# How many candidates are ranked by their full vectors: a hundredth of what the user has, within these bounds.
_LEAST_DEPTH = 100
_MOST_DEPTH = 1_000
_DEPTH_DIVISOR = 100


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
          (user_id, model_id, session_id, block_id, id, chunk_index, text, start_ms, end_ms, content_hash,
           vector_count)
        SELECT %(user_id)s, %(model_id)s, %(session_id)s, %(block_id)s, n.*
        FROM unnest(%(ids)s::uuid[], %(indexes)s::integer[], %(texts)s::text[], %(start_ms)s::integer[],
                    %(end_ms)s::integer[], %(content_hashes)s::bytea[], %(vector_counts)s::smallint[]) AS n
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
            "vector_counts": [1 + len(draft.moments) for draft in drafts],
        },
    )


def insert_vectors(tx: Transaction, user_id: UserId, *, model_id: int, rows: Sequence[ChunkRow]) -> None:
    """Write the vectors of chunks already written: part 0 is the chunk, the others are its moments.

    Many rows to a statement, and in binary: as text the same takes 21 times as long. COPY would be faster still,
    but Postgres refuses it on tables with row-level security.
    """
    values = SQL("(%s, %s, %s, %s, %s, %s, %b::halfvec(1536))")
    parts = ((user_id, model_id, row.id, *part) for row in rows for part in _parts(row.chunk))
    with tx.cursor() as cursor:
        cursor.adapters.register_dumper(HalfVector, HalfVectorBinaryDumper)
        while batch := list(islice(parts, _ROWS_PER_INSERT)):
            cursor.execute(
                SQL(
                    "INSERT INTO chunk_vectors (user_id, model_id, chunk_id, part, start_ms, end_ms, embedding) VALUES "
                )
                + SQL(", ").join([values] * len(batch)),
                [value for part in batch for value in part],
            )


def _parts(chunk: NewChunk) -> Iterator[tuple[int, int | None, int | None, HalfVector]]:
    yield 0, chunk.draft.start_ms, chunk.draft.end_ms, _halfvec(chunk.vector)
    moments = zip(chunk.draft.moments, chunk.moment_vectors, strict=True)
    for part, (moment, vector) in enumerate(moments, start=1):
        yield part, moment.start_ms, moment.end_ms, _halfvec(vector)


# Sub-selects keep traps shut: the query is quantised once and not for each row; and what belongs to a candidate or
# a survivor is fetched by its key, where a join may hash everything the user has (LIMIT 1 forbids flattening it).
_SEARCH = """
WITH space AS (
  SELECT id
  FROM embedding_models
  WHERE provider = %(provider)s AND model = %(model)s
),
candidates AS MATERIALIZED (
  SELECT chunk_id, part
  FROM chunk_vectors
  WHERE user_id = %(user_id)s AND model_id = (SELECT id FROM space)
  ORDER BY bits <~> (SELECT binary_quantize(%(query)b::halfvec(1536))::bit(1536))
  LIMIT greatest(%(least_depth)s::bigint, least(%(most_depth)s::bigint, (
    SELECT vector_count / %(depth_divisor)s
    FROM vector_counts
    WHERE user_id = %(user_id)s AND model_id = (SELECT id FROM space))))
),
ranked AS MATERIALIZED (
  SELECT chunk_id, (
    SELECT v.embedding <#> %(query)b::halfvec(1536)
    FROM chunk_vectors v
    WHERE v.user_id = %(user_id)s
      AND v.model_id = (SELECT id FROM space)
      AND v.chunk_id = c.chunk_id
      AND v.part = c.part) AS distance
  FROM candidates c
),
best AS MATERIALIZED (
  SELECT chunk_id, min(distance) AS distance
  FROM ranked
  GROUP BY chunk_id
  ORDER BY distance, chunk_id
  LIMIT %(limit)s
)
SELECT c.session_id, c.block_id, c.text, %(provider)s::text AS provider, b.media_id, b.created_at,
       least(1, greatest(0, -best.distance)) AS similarity, said.start_ms, said.end_ms
FROM best
CROSS JOIN LATERAL (
  SELECT session_id, block_id, text
  FROM chunks
  WHERE user_id = %(user_id)s AND model_id = (SELECT id FROM space) AND id = best.chunk_id
  LIMIT 1
) c
CROSS JOIN LATERAL (
  SELECT media_id, created_at
  FROM session_blocks
  WHERE user_id = %(user_id)s AND id = c.block_id
  LIMIT 1
) b
-- The moment that answers best; the chunk as a whole only where it has none.
CROSS JOIN LATERAL (
  SELECT v.start_ms, v.end_ms
  FROM chunk_vectors v
  WHERE v.user_id = %(user_id)s AND v.model_id = (SELECT id FROM space) AND v.chunk_id = best.chunk_id
  ORDER BY v.part = 0, v.embedding <#> %(query)b::halfvec(1536)
  LIMIT 1
) said
WHERE greatest(0, -best.distance) >= %(threshold)s
ORDER BY best.distance, best.chunk_id
"""


def nearest(
    tx: Transaction, user_id: UserId, *, provider: str, model: str, query: Vector, limit: int, threshold: float
) -> list[Hit]:
    """The user's chunks of this model nearest to a vector, nearest first.

    Sign bits are scanned inside the primary key's index, then the nearest of them are ranked by the full vectors
    (docs/adr/0006). A chunk is as near as the nearest of its parts.
    """
    parameters = {
        "user_id": user_id,
        "provider": provider,
        "model": model,
        "query": _halfvec(query),
        "limit": limit,
        "threshold": threshold,
        "least_depth": max(_LEAST_DEPTH, limit * MAX_PARTS),
        "most_depth": _MOST_DEPTH,
        "depth_divisor": _DEPTH_DIVISOR,
    }
    with tx.cursor(row_factory=class_row(Hit)) as cursor:
        cursor.adapters.register_dumper(HalfVector, HalfVectorBinaryDumper)
        return cursor.execute(_SEARCH, parameters).fetchall()


def _halfvec(vector: Vector) -> HalfVector:
    return HalfVector(list(vector))
