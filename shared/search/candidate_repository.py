"""SQL of one leg of a hybrid search: the chunks that are nearest in meaning, without what they are shown with."""

from typing import LiteralString

from psycopg.rows import class_row

from shared.ai.capabilities import Vector
from shared.db.connection import Transaction
from shared.ids import UserId
from shared.search.asked import Near
from shared.search.depth import depth_in
from shared.search.model import Space
from shared.search.scope_repository import EVERYTHING, Scope

# So many, and as many as a page has, are as good as certain to be the nearest. Those after them only support what words
# have found as well; but where everything counts as near, all of them are results.
_SURE_RESULTS = 10

_ANYWHERE = """
SELECT chunk_id, cosine
FROM nearest_chunks(%(user_id)s, %(model_id)s, %(query)b, %(depth)s, %(limit)s, %(threshold)s)
"""

# What follows is that function once more, within a scope, whose condition differs from search to search.
_BEST = """
SELECT chunk_id, max(cosine) AS cosine
FROM ranked
WHERE cosine >= %(threshold)s
GROUP BY chunk_id
ORDER BY cosine DESC, chunk_id
LIMIT %(limit)s
"""

_QUERY = "(SELECT %(query)b::vector::halfvec(1536))"

_EXACTLY = """
WITH ranked AS MATERIALIZED (
  SELECT chunk_id, least(1, greatest(0, -(embedding <#> {query}))) AS cosine
  FROM chunk_vectors
  WHERE user_id = %(user_id)s AND model_id = %(model_id)s{scope}
)"""

_BY_BITS = """
WITH candidates AS MATERIALIZED (
  SELECT chunk_id, part
  FROM chunk_vectors
  WHERE user_id = %(user_id)s AND model_id = %(model_id)s{scope}
  ORDER BY bits <~> (SELECT binary_quantize({query})::bit(1536))
  LIMIT %(depth)s
),
ranked AS MATERIALIZED (
  SELECT chunk_id, (
    SELECT least(1, greatest(0, -(v.embedding <#> {query})))
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
    depth = depth_in(space, results=limit if threshold <= 0 else max(_SURE_RESULTS, page))
    parameters = {
        **scope.parameters,
        "user_id": user_id,
        "model_id": space.model_id,
        "query": query,
        "limit": limit,
        "threshold": threshold,
        "depth": depth,
    }
    with tx.cursor(row_factory=class_row(Near)) as cursor:
        return cursor.execute(_statement(scope, is_exact=depth is None), parameters).fetchall()


def _statement(scope: Scope, *, is_exact: bool) -> LiteralString:
    if scope is EVERYTHING:
        return _ANYWHERE
    # Of a narrow scope every vector is compared, as of a small user: beside that, sign bits save nothing.
    statement: LiteralString = _EXACTLY if is_exact or scope.ids is not None else _BY_BITS
    return statement.format(scope=scope.condition, query=_QUERY) + _BEST
