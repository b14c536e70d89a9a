"""SQL of one leg of a hybrid search: the chunks that have the question's words."""

from collections.abc import Sequence
from typing import Any, LiteralString

from psycopg.sql import SQL, Composable, Composed, Identifier, Placeholder

from shared.db.connection import Transaction
from shared.ids import ChunkId, UserId
from shared.search.asked import Term
from shared.search.model import Space
from shared.search.scope_repository import EVERYTHING, Scope
from shared.search.words import SHORT, WordHit, as_tsquery

_MOST_RANKED = 400
"""Of a user whose words are looked up by keys, so many chunks are ranked: those of whose words most is known."""
_MOST_OF_A_WORD = 1_000
"""So many chunks with one word are looked at: there is no end to those with a frequent one."""
_WIDE = 20_000
"""The same where a condition is still to drop some of them."""

_FLAG: LiteralString = "(words @@ {at}::tsquery)::integer AS {flag}"

# What a term tells: its idf, from how many chunks have it.
_TOLD_OF_HITS: LiteralString = "ln(1 + greatest(%(chunks)s - sum({flag}), 0) / (sum({flag}) + 0.5)) AS {told}"
_TOLD_OF_COUNTS: LiteralString = (
    "ln(1 + %(chunks)s / (coalesce(max(n) FILTER (WHERE number = {number}), 0) + 0.5)) AS {told}"
)

_SCANNED_HITS = """
hits AS MATERIALIZED (
  SELECT chunk_id, length(words) AS size, {flags}
  FROM chunk_words
  WHERE user_id = %(user_id)s AND model_id = %(model_id)s{scope} AND words @@ %(any)s::tsquery
),
told AS MATERIALIZED (
  SELECT {told}
  FROM hits
)
"""

_KEYED_HITS = """
terms(number, keys) AS (VALUES {keys}),
found AS MATERIALIZED (
  SELECT number, chunk_id
  FROM terms
  CROSS JOIN LATERAL chunks_with_word(%(model_id)s::smallint, keys, %(each)s) AS with_it(chunk_id)
  WHERE true{scope}
),
counts AS MATERIALIZED (
  SELECT number, CASE WHEN count(*) < %(each)s THEN count(*) ELSE sqrt(count(*) * %(chunks)s::float8) END AS n
  FROM found
  GROUP BY number
),
told AS MATERIALIZED (
  SELECT {told}
  FROM counts
),
candidates AS MATERIALIZED (
  SELECT chunk_id FROM (
    SELECT chunk_id
    FROM found
    JOIN counts USING (number)
    GROUP BY chunk_id
    ORDER BY sum(ln(1 + %(chunks)s / (n + 0.5))) DESC, chunk_id
    LIMIT %(most)s
  ) telling
  {whole}
),
hits AS MATERIALIZED (
  SELECT w.chunk_id, length(words) AS size, {flags}
  FROM candidates c
  CROSS JOIN LATERAL (
    SELECT chunk_id, words
    FROM chunk_words
    WHERE user_id = %(user_id)s AND model_id = %(model_id)s AND chunk_id = c.chunk_id
    LIMIT 1
  ) w
)
"""


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


def key_some(tx: Transaction, user_id: UserId, *, most: int) -> int:
    """Put words of at most so many of the user's chunks, of any model, into the index of keys; how many it were."""
    return tx.execute(
        """
        UPDATE chunk_words
        SET is_keyed = true
        WHERE user_id = %(user_id)s
          AND (model_id, chunk_id) IN (
            SELECT model_id, chunk_id
            FROM chunk_words
            WHERE user_id = %(user_id)s AND NOT is_keyed
            LIMIT %(most)s
          )
        """,
        {"user_id": user_id, "most": most},
    ).rowcount


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
    is_keyed = space.is_keyed and scope.ids is None
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
    if is_keyed:
        parameters |= {f"lexemes{number}": list(term.lexemes) for number, term in enumerate(terms)}
        parameters |= {"most": _MOST_RANKED, "each": _MOST_OF_A_WORD if scope is EVERYTHING else _WIDE}
    rows = tx.execute(_keyed(len(terms), scope) if is_keyed else _scanned(len(terms), scope), parameters).fetchall()
    return [WordHit(chunk_id=ChunkId(chunk_id), has_all=has_all) for chunk_id, has_all in rows]


def _scanned(count: int, scope: Scope) -> Composed:
    """Looks at each of the user's chunks in the scope: those with a term are all there are."""
    hits = SQL(_SCANNED_HITS).format(
        scope=scope.condition, flags=_each(count, _FLAG, ", "), told=_each(count, _TOLD_OF_HITS, ", ")
    )
    return SQL("WITH {hits} {ranked}").format(hits=hits, ranked=_ranked(count))


def _keyed(count: int, scope: Scope) -> Composed:
    """Asks the index of keys for each term, and ranks the chunks of whose words most is known.

    How many chunks have a frequent term is not counted to the end; the geometric middle of what was counted and all
    there are is taken for it.
    """
    hits = SQL(_KEYED_HITS).format(
        keys=_each(count, "({number}, word_keys(%(user_id)s, array_to_tsvector({lexemes}::text[])))", ", "),
        scope=scope.condition,
        flags=_each(count, _FLAG, ", "),
        told=_each(count, _TOLD_OF_COUNTS, ", "),
        whole=_with_all(count, scope),
    )
    return SQL("WITH {hits} {ranked}").format(hits=hits, ranked=_ranked(count))


def _with_all(count: int, scope: Scope) -> Composable:
    """Few words mean all of them: chunks that have them may be among none of the rarest words' first."""
    if not 1 < count <= SHORT:
        return SQL("UNION SELECT NULL WHERE false")
    of_term = SQL("(SELECT keys FROM terms WHERE number = {})")
    first, second, *third = (of_term.format(number) for number in range(count))
    return SQL("""
          UNION
          SELECT chunk_id
          FROM chunks_with_words(%(model_id)s::smallint, {first}, {second}, {third}, %(most)s) AS with_all(chunk_id)
          WHERE true{scope}
    """).format(first=first, second=second, third=third[0] if third else second, scope=scope.condition)


def _ranked(count: int) -> Composed:
    return SQL("""
        SELECT chunk_id, {all_of} AS has_all
        FROM hits
        CROSS JOIN told
        WHERE {score} >= %(least_share)s * ({total})
        ORDER BY {score} DESC, size, chunk_id
        LIMIT %(limit)s
    """).format(
        all_of=_each(count, "{flag} = 1", " AND "),
        score=_each(count, "{flag} * {told}", " + "),
        total=_each(count, "{told}", " + "),
    )


def _each(count: int, piece: LiteralString, joint: LiteralString) -> Composable:
    pieces = (
        SQL(piece).format(
            number=number,
            at=Placeholder(f"t{number}"),
            lexemes=Placeholder(f"lexemes{number}"),
            flag=Identifier(f"t{number}"),
            told=Identifier(f"w{number}"),
        )
        for number in range(count)
    )
    return SQL(joint).join(pieces)
