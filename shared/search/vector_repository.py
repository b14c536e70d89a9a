"""SQL of the search by vectors."""

from typing import LiteralString

from pgvector import HalfVector
from pgvector.psycopg.halfvec import HalfVectorBinaryDumper
from psycopg.rows import class_row

from shared.db.connection import Transaction
from shared.ids import UserId
from shared.search.depth import EXACT_VECTORS, depth_of
from shared.search.model import Hit, Space, Vector

# A chunk is as near as the nearest of its parts.
_BEST_OF_ALL = """
best AS MATERIALIZED (
  SELECT chunk_id, min(embedding <#> %(query)b::halfvec) AS distance
  FROM chunk_vectors
  WHERE user_id = %(user_id)s AND model_id = %(model_id)s
  GROUP BY chunk_id
  ORDER BY distance, chunk_id
  LIMIT %(limit)s
)
"""

# Sub-selects keep traps shut: the query is quantised once and not for each row; and what belongs to a candidate or
# a survivor is fetched by its key, where a join may hash everything the user has (LIMIT 1 forbids flattening it).
_BEST_BY_BITS = """
candidates AS MATERIALIZED (
  SELECT chunk_id, part
  FROM chunk_vectors
  WHERE user_id = %(user_id)s AND model_id = %(model_id)s
  ORDER BY bits <~> (SELECT binary_quantize(%(query)b::halfvec)::bit(1536))
  LIMIT %(depth)s
),
ranked AS MATERIALIZED (
  SELECT chunk_id, (
    SELECT v.embedding <#> %(query)b::halfvec
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
"""

_SHOWN = """
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
  ORDER BY v.part = 0, v.embedding <#> %(query)b::halfvec
  LIMIT 1
) said
WHERE greatest(0, -best.distance) >= %(threshold)s
ORDER BY best.distance, best.chunk_id
"""


def nearest(
    tx: Transaction, user_id: UserId, space: Space, *, query: Vector, limit: int, threshold: float
) -> list[Hit]:
    """The user's chunks in the space nearest to a vector, nearest first: never fewer than there are, up to `limit`.

    Of a small space every vector is compared. Of a larger one sign bits are scanned inside the primary key's index,
    then the nearest of them are ranked by the full vectors (docs/adr/0006).
    """
    parameters = {
        "user_id": user_id,
        "provider": space.provider,
        "model_id": space.model_id,
        "query": HalfVector(list(query)),
        "limit": limit,
        "threshold": threshold,
    }
    best: LiteralString = _BEST_OF_ALL
    if space.vector_count > EXACT_VECTORS:
        best = _BEST_BY_BITS
        parameters["depth"] = depth_of(space.vector_count, results=limit)
    with tx.cursor(row_factory=class_row(Hit)) as cursor:
        cursor.adapters.register_dumper(HalfVector, HalfVectorBinaryDumper)
        return cursor.execute("WITH " + best + _SHOWN, parameters).fetchall()
