"""SQL of one leg of a hybrid search: the chunks that are nearest in meaning, without what they are shown with."""

from pgvector import HalfVector
from pgvector.psycopg.halfvec import HalfVectorBinaryDumper
from psycopg.rows import class_row

from shared.db.connection import Transaction
from shared.ids import UserId
from shared.search.asked import Near
from shared.search.depth import EXACT_VECTORS, depth_of
from shared.search.model import Space, Vector
from shared.search.scope_repository import Scope

# So many, and as many as a page has, are as good as certain to be the nearest. Those after them only support what words
# have found as well; but where everything counts as near, all of them are results.
_SURE_RESULTS = 10

_BEST = """
SELECT chunk_id, max(cosine) AS cosine
FROM ranked
WHERE cosine >= %(threshold)s
GROUP BY chunk_id
ORDER BY cosine DESC, chunk_id
LIMIT %(limit)s
"""

_EXACTLY = """
WITH ranked AS MATERIALIZED (
  SELECT chunk_id, least(1, greatest(0, -(embedding <#> %(query)b::halfvec(1536)))) AS cosine
  FROM chunk_vectors
  WHERE user_id = %(user_id)s AND model_id = %(model_id)s{scope}
)"""

# The traps are those of vector_repository.py: the query is quantised once, and vectors are fetched by their key.
_BY_BITS = """
WITH candidates AS MATERIALIZED (
  SELECT chunk_id, part
  FROM chunk_vectors
  WHERE user_id = %(user_id)s AND model_id = %(model_id)s{scope}
  ORDER BY bits <~> (SELECT binary_quantize(%(query)b::halfvec(1536))::bit(1536))
  LIMIT %(depth)s
),
ranked AS MATERIALIZED (
  SELECT chunk_id, (
    SELECT least(1, greatest(0, -(v.embedding <#> %(query)b::halfvec(1536))))
    FROM chunk_vectors v
    WHERE v.user_id = %(user_id)s
      AND v.model_id = %(model_id)s
      AND v.chunk_id = c.chunk_id
      AND v.part = c.part) AS cosine
  FROM candidates c
)"""


def nearest_chunks(
    tx: Transaction,
    user_id: UserId,
    space: Space,
    *,
    query: Vector,
    scope: Scope,
    limit: int,
    threshold: float,
    page: int,
) -> list[Near]:
    """At most `limit` chunks of the space within the scope, nearest first, none below the cosine `threshold`.

    Never fewer than there are, up to `page`; up to `limit` where the threshold is 0.
    """
    if scope.is_nothing:
        return []
    sure = limit if threshold <= 0 else max(_SURE_RESULTS, page)
    # Of a small user, or a narrow scope, every vector is compared: beside that, sign bits save nothing.
    is_exact = scope.ids is not None or space.vector_count <= EXACT_VECTORS
    statement = (_EXACTLY if is_exact else _BY_BITS).format(scope=scope.condition) + _BEST
    parameters = {
        **scope.parameters,
        "user_id": user_id,
        "model_id": space.model_id,
        "query": HalfVector(list(query)),
        "limit": limit,
        "threshold": threshold,
        "depth": depth_of(space.vector_count, results=sure),
    }
    with tx.cursor(row_factory=class_row(Near)) as cursor:
        cursor.adapters.register_dumper(HalfVector, HalfVectorBinaryDumper)
        return cursor.execute(statement, parameters).fetchall()
