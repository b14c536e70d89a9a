"""SQL of the search by vectors."""

from pgvector import HalfVector
from pgvector.psycopg.halfvec import HalfVectorBinaryDumper
from psycopg.rows import class_row

from shared.db.connection import Transaction
from shared.ids import UserId
from shared.search.model import MAX_PARTS, Hit, Space, Vector

# How many candidates are ranked by their full vectors: a hundredth of what the user has, within these bounds.
_LEAST_DEPTH = 100
_MOST_DEPTH = 1_000
_DEPTH_DIVISOR = 100

# Sub-selects keep traps shut: the query is quantised once and not for each row; and what belongs to a candidate or
# a survivor is fetched by its key, where a join may hash everything the user has (LIMIT 1 forbids flattening it).
_SEARCH = """
WITH candidates AS MATERIALIZED (
  SELECT chunk_id, part
  FROM chunk_vectors
  WHERE user_id = %(user_id)s AND model_id = %(model_id)s
  ORDER BY bits <~> (SELECT binary_quantize(%(query)b::halfvec(1536))::bit(1536))
  LIMIT %(depth)s
),
ranked AS MATERIALIZED (
  SELECT chunk_id, (
    SELECT v.embedding <#> %(query)b::halfvec(1536)
    FROM chunk_vectors v
    WHERE v.user_id = %(user_id)s
      AND v.model_id = %(model_id)s
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
  WHERE user_id = %(user_id)s AND model_id = %(model_id)s AND id = best.chunk_id
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
  WHERE v.user_id = %(user_id)s AND v.model_id = %(model_id)s AND v.chunk_id = best.chunk_id
  ORDER BY v.part = 0, v.embedding <#> %(query)b::halfvec(1536)
  LIMIT 1
) said
WHERE greatest(0, -best.distance) >= %(threshold)s
ORDER BY best.distance, best.chunk_id
"""


def nearest(
    tx: Transaction, user_id: UserId, space: Space, *, query: Vector, limit: int, threshold: float
) -> list[Hit]:
    """The user's chunks in the space nearest to a vector, nearest first.

    Sign bits are scanned inside the primary key's index, then the nearest of them are ranked by the full vectors
    (docs/adr/0006). A chunk is as near as the nearest of its parts.
    """
    parameters = {
        "user_id": user_id,
        "provider": space.provider,
        "model_id": space.model_id,
        "query": HalfVector(list(query)),
        "limit": limit,
        "threshold": threshold,
        "depth": _depth(space.vector_count, limit),
    }
    with tx.cursor(row_factory=class_row(Hit)) as cursor:
        cursor.adapters.register_dumper(HalfVector, HalfVectorBinaryDumper)
        return cursor.execute(_SEARCH, parameters).fetchall()


def _depth(vector_count: int, limit: int) -> int:
    """How many candidates to rank by their full vectors."""
    return max(_LEAST_DEPTH, limit * MAX_PARTS, min(_MOST_DEPTH, vector_count // _DEPTH_DIVISOR))
