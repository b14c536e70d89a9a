"""SQL of one leg of a hybrid search: the chunks that have the question's words."""

from collections.abc import Sequence
from typing import LiteralString
from uuid import UUID

from shared.db.connection import Transaction
from shared.ids import ChunkId, UserId
from shared.search.asked import Term
from shared.search.model import Space
from shared.search.scope_repository import EVERYTHING, Scope
from shared.search.word_key_repository import look_up_words
from shared.search.words import WordHit, as_tsquery


def read_terms(tx: Transaction, *, languages: Sequence[str], text: str) -> list[tuple[str, int, str]]:
    """Every word of a text that is no stop word, in each language: the language, its place in the text, the lexeme."""
    return tx.execute(
        "SELECT language, place, lexeme FROM lexemes_in(%(languages)s, %(text)s)",
        {"languages": list(languages), "text": text},
    ).fetchall()


def find_words(
    tx: Transaction,
    user_id: UserId,
    space: Space,
    *,
    terms: Sequence[Term],
    scope: Scope,
    limit: int,
    least_share: float,
) -> list[WordHit]:
    """At most `limit` chunks within the scope that have some of the terms, those first whose terms tell most.

    What a term tells grows with its rarity among the user's chunks (idf). `least_share` is how much of what all terms
    together tell a chunk must have, 0 to 1. Of chunks with the same terms the shorter one comes first.
    """
    if not terms or scope.is_nothing:
        return []
    found = look_up_words if space.is_keyed and scope.ids is None else _scanned
    rows = found(tx, user_id, space, terms, scope, limit, least_share)
    return [WordHit(chunk_id=ChunkId(chunk_id), has_all=has_all) for chunk_id, has_all in rows]


def _scanned(
    tx: Transaction,
    user_id: UserId,
    space: Space,
    terms: Sequence[Term],
    scope: Scope,
    limit: int,
    least_share: float,
) -> list[tuple[UUID, bool]]:
    """Looks at each of the user's chunks in the scope: those with a term are all there are."""
    only = None if scope is EVERYTHING else list(_ids(tx, user_id, space, scope))
    return tx.execute(
        """
        SELECT chunk_id, has_all
        FROM chunks_by_words(%(user_id)s, %(model_id)s, %(terms)s::tsquery[], %(only)s::uuid[], %(among)s, %(limit)s,
                             %(least_share)s)
        """,
        {
            "user_id": user_id,
            "model_id": space.model_id,
            "terms": [as_tsquery([term]) for term in terms],
            "only": only,
            "among": space.chunk_count if only is None else len(only),
            "limit": limit,
            "least_share": least_share,
        },
    ).fetchall()


def _ids(tx: Transaction, user_id: UserId, space: Space, scope: Scope) -> Sequence[ChunkId]:
    """The chunks of a scope by name, however many: a user whose words have no keys has few, or will soon have keys."""
    if scope.ids is not None:
        return scope.ids
    statement: LiteralString = (
        "SELECT chunk_id FROM chunk_words WHERE user_id = %(user_id)s AND model_id = %(model_id)s" + scope.condition
    )
    parameters = {**scope.parameters, "user_id": user_id, "model_id": space.model_id}
    return [row[0] for row in tx.execute(statement, parameters).fetchall()]
