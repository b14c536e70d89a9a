"""SQL of one leg of a hybrid search: the chunks that have the question's words."""

from collections.abc import Sequence
from typing import Any, LiteralString

from psycopg.sql import SQL, Composable, Composed, Identifier, Placeholder

from shared.db.connection import Transaction
from shared.ids import ChunkId, UserId
from shared.search.asked import Term
from shared.search.model import Space
from shared.search.scope_repository import Scope
from shared.search.words import WordHit, as_tsquery

_MOST_RANKED = 2_000
"""Of a user whose words are looked up by keys, so many chunks are ranked: those with the rarest words."""
_WIDE = 20_000
"""So many are looked at where a condition is still to drop some of them."""


def read_terms(tx: Transaction, *, languages: Sequence[str], text: str) -> list[tuple[str, int, str]]:
    """Every word of a text that is no stop word, in each language: the language, its place in the text, the lexeme."""
    return tx.execute(
        """
        SELECT l.name, at.place::integer, w.lexeme
        FROM unnest(%(languages)s::text[]) AS l(name)
        CROSS JOIN LATERAL unnest(words_of(l.name::regconfig, %(text)s)) AS w(lexeme, positions, weights)
        CROSS JOIN LATERAL unnest(w.positions) AS at(place)
        """,
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
    parameters: dict[str, Any] = {
        **scope.parameters,
        **{f"t{number}": as_tsquery([term]) for number, term in enumerate(terms)},
        "any": as_tsquery(terms),
        "user_id": user_id,
        "model_id": space.model_id,
        "chunks": space.chunk_count if scope.ids is None else len(scope.ids),
        "limit": limit,
        "least_share": least_share,
    }
    rows = tx.execute(_scanned(len(terms), scope), parameters).fetchall()
    return [WordHit(chunk_id=ChunkId(chunk_id), has_all=has_all) for chunk_id, has_all in rows]


def _scanned(count: int, scope: Scope) -> Composed:
    """The statement for so many terms, which looks at each of the user's chunks in the scope."""
    return SQL("""
        WITH hits AS MATERIALIZED (
          SELECT chunk_id, length(words) AS size, {flags}
          FROM chunk_words
          WHERE user_id = %(user_id)s AND model_id = %(model_id)s{scope} AND words @@ %(any)s::tsquery
        ),
        told AS MATERIALIZED (
          SELECT {told}
          FROM hits
        ),
        ranked AS (
          SELECT chunk_id, size, {all_of} AS has_all, {score} AS score, {total} AS total
          FROM hits
          CROSS JOIN told
        )
        SELECT chunk_id, has_all
        FROM ranked
        WHERE score >= %(least_share)s * total
        ORDER BY score DESC, size, chunk_id
        LIMIT %(limit)s
    """).format(
        scope=scope.condition,
        flags=_each(count, "(words @@ {at}::tsquery)::integer AS {flag}", ", "),
        told=_each(count, "ln(1 + greatest(%(chunks)s - sum({flag}), 0) / (sum({flag}) + 0.5)) AS {told}", ", "),
        all_of=_each(count, "{flag} = 1", " AND "),
        score=_each(count, "{flag} * {told}", " + "),
        total=_each(count, "{told}", " + "),
    )


def _each(count: int, piece: LiteralString, joint: LiteralString) -> Composable:
    pieces = (
        SQL(piece).format(at=Placeholder(f"t{number}"), flag=Identifier(f"t{number}"), told=Identifier(f"w{number}"))
        for number in range(count)
    )
    return SQL(joint).join(pieces)
