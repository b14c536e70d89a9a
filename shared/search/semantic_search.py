"""Finds what a person noted by what it means."""

from dataclasses import replace

from shared.ai.capabilities import Embedded, Embedder
from shared.ai.embedders import Embedders
from shared.ai.embedding_models import cosine_of, similarity_of
from shared.ai.vendor_errors import usage_of_failure
from shared.db.connection import Database
from shared.errors import VendorDown
from shared.ids import UserId
from shared.search import vector_repository
from shared.search.embedder_of import embedder_of
from shared.search.find_space import find_space
from shared.search.model import Hit
from shared.search.note_query import note_query

_RETRY_AFTER_SECONDS = 5


def semantic_search(
    db: Database, embedders: Embedders, user_id: UserId, *, query: str, limit: int, threshold: float
) -> list[Hit]:
    """The user's chunks most similar to `query`, best first: at most `limit`, none below `threshold` (0 to 1).

    Only chunks of the user's own space are compared, and only with a query embedded by its model. Where there is
    nothing to compare with, nothing is asked of the embedder.

    Raises:
        VendorDown: the query could not be embedded; says when to try again. With the code `space_unserved`: by nobody
            here, for the user's model is neither the current nor the previous one.
    """
    space = db.ask(lambda tx: find_space(tx, user_id))
    if space is None:
        return []
    embedded = _embed(db, embedder_of(embedders, space), user_id, query)
    vector, least = embedded.vectors[0], cosine_of(threshold, model=space.model)
    hits = db.ask(lambda tx: vector_repository.nearest(tx, user_id, space, query=vector, limit=limit, threshold=least))
    note_query(db, user_id, embedded.usage)
    return [replace(hit, similarity=similarity_of(hit.similarity, model=space.model)) for hit in hits]


def _embed(db: Database, embedder: Embedder, user_id: UserId, query: str) -> Embedded:
    """The query's vector, and what it cost. However the provider failed, the person can only try again in a moment."""
    try:
        return embedder.embed([query])
    except VendorDown as error:
        note_query(db, user_id, usage_of_failure(error))
        raise VendorDown(
            "The query could not be understood just now. Try again in a moment.",
            retry_after_seconds=error.retry_after_seconds or _RETRY_AFTER_SECONDS,
        ) from error
