"""Finds what a person noted by what it means."""

from shared.ai.capabilities import Embedder
from shared.db.connection import Database
from shared.errors import VendorDown
from shared.ids import UserId
from shared.search import repository
from shared.search.model import Hit, Vector

_RETRY_AFTER_SECONDS = 5


def semantic_search(
    db: Database, embedder: Embedder, user_id: UserId, *, query: str, limit: int, threshold: float
) -> list[Hit]:
    """The user's chunks most similar to `query`, best first: at most `limit`, none below `threshold` (0 to 1).

    Only chunks embedded by the embedder's own model are compared.

    Raises:
        VendorDown: the query could not be embedded; says when to try again.
    """
    vector = _embed(embedder, query)
    with db.transaction(user_id) as tx:
        return repository.nearest(
            tx,
            user_id,
            provider=embedder.provider,
            model=embedder.model,
            query=vector,
            limit=limit,
            threshold=threshold,
        )


def _embed(embedder: Embedder, query: str) -> Vector:
    """The query's vector. However the provider failed, the person can only try again in a moment."""
    try:
        return embedder.embed([query]).vectors[0]
    except VendorDown as error:
        raise VendorDown(
            "The query could not be understood just now. Try again in a moment.",
            retry_after_seconds=error.retry_after_seconds or _RETRY_AFTER_SECONDS,
        ) from error
