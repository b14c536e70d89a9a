"""SQL of what is found by its time alone."""

from shared.db.connection import Transaction
from shared.ids import ChunkId, UserId
from shared.search.model import Space
from shared.search.scope_repository import Scope

_NEWEST = """
SELECT found.chunk_id
FROM (
  SELECT user_id, block_id, chunk_index, id AS chunk_id
  FROM chunks
  WHERE user_id = %(user_id)s AND model_id = %(model_id)s
) found
JOIN session_blocks captured ON captured.user_id = found.user_id AND captured.id = found.block_id
WHERE captured.user_id = %(user_id)s{scope}
ORDER BY captured.captured_at DESC, found.block_id DESC, found.chunk_index
LIMIT %(limit)s
"""


def newest_chunks(tx: Transaction, user_id: UserId, space: Space, *, scope: Scope, limit: int) -> list[ChunkId]:
    """At most `limit` chunks of the space within the scope, those captured last first; of one block, in its order."""
    if scope.is_nothing:
        return []
    # A wide scope is found out once and hashed; as a join, a plan for the average user finds it out for every chunk.
    condition = scope.condition if scope.ids is not None else " AND (true" + scope.condition + ") IS TRUE"
    rows = tx.execute(
        _NEWEST.format(scope=condition),
        {**scope.parameters, "user_id": user_id, "model_id": space.model_id, "limit": limit},
    ).fetchall()
    return [row[0] for row in rows]
