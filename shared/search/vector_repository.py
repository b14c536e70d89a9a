"""SQL of the search by vectors. What it asks is a function of the database (docs/adr/0030)."""

from shared.ai.capabilities import Vector
from shared.db.connection import Transaction
from shared.ids import UserId
from shared.search.depth import depth_in
from shared.search.model import Hit, Space


def nearest(
    tx: Transaction, user_id: UserId, space: Space, *, query: Vector, limit: int, threshold: float
) -> list[Hit]:
    """The user's chunks in the space nearest to a vector, nearest first: never fewer than there are, up to `limit`.

    Of a small space every vector is compared. Of a larger one sign bits are scanned inside the primary key's index,
    then the nearest of them are ranked by the full vectors (docs/adr/0006).
    """
    rows = tx.execute(
        """
        SELECT session_id, block_id, text, similarity, start_ms, end_ms, media_id, created_at
        FROM nearest_passages(%(user_id)s, %(model_id)s, %(query)b, %(depth)s, %(limit)s, %(threshold)s)
        """,
        {
            "user_id": user_id,
            "model_id": space.model_id,
            "query": query,
            "depth": depth_in(space, results=limit),
            "limit": limit,
            "threshold": threshold,
        },
    ).fetchall()
    return [
        Hit(
            session_id=session_id,
            block_id=block_id,
            text=text,
            similarity=cosine,
            provider=space.provider,
            start_ms=start_ms,
            end_ms=end_ms,
            media_id=media_id,
            created_at=created_at,
        )
        for session_id, block_id, text, cosine, start_ms, end_ms, media_id, created_at in rows
    ]
