"""SQL of one leg of a hybrid search: the chunks that have the question's words."""

from collections.abc import Sequence
from functools import cache
from typing import Any, LiteralString
from uuid import UUID

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

_FLAG = "(words @@ %(t{n})s::tsquery)::integer AS t{n}"

# What a term tells: its idf, from how many chunks have it.
_TOLD_OF_COUNTS = "ln(1 + %(chunks)s / (coalesce(max(n) FILTER (WHERE number = {n}), 0) + 0.5)) AS w{n}"
_KEYS = "({n}, word_keys(%(user_id)s, array_to_tsvector(%(lexemes{n})s::text[])))"

_KEYED_HITS = """
terms(number, keys) AS (VALUES {keys}),
found AS MATERIALIZED (
  SELECT number, chunk_id
  FROM terms
  CROSS JOIN LATERAL chunks_with_word(%(model_id)s::smallint, keys, %(each)s) AS with_it(chunk_id)
  WHERE true{scope}
),
counts AS MATERIALIZED (
  SELECT number, count(*) >= %(each)s AS is_cut,
         CASE WHEN count(*) < %(each)s THEN count(*) ELSE sqrt(count(*) * %(chunks)s::float8) END AS n
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
    HAVING sum(ln(1 + %(chunks)s / (n + 0.5))) >= %(least_share)s * (SELECT {total} FROM told) - (
      SELECT coalesce(sum(ln(1 + %(chunks)s / (n + 0.5))), 0) + 1e-9 FROM counts WHERE is_cut)
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
        "SELECT language, place, lexeme FROM lexemes_in(%(languages)s, %(text)s)",
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
    found = _looked_up if space.is_keyed and scope.ids is None else _scanned
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


def _looked_up(
    tx: Transaction,
    user_id: UserId,
    space: Space,
    terms: Sequence[Term],
    scope: Scope,
    limit: int,
    least_share: float,
) -> list[tuple[UUID, bool]]:
    """Asks the index of keys for each term."""
    parameters: dict[str, Any] = {
        **scope.parameters,
        **{f"t{number}": as_tsquery([term]) for number, term in enumerate(terms)},
        **{f"lexemes{number}": list(term.lexemes) for number, term in enumerate(terms)},
        "user_id": user_id,
        "model_id": space.model_id,
        "chunks": space.chunk_count,
        "limit": limit,
        "least_share": least_share,
        "most": _MOST_RANKED,
        "each": _MOST_OF_A_WORD if scope is EVERYTHING else _WIDE,
    }
    return tx.execute(_keyed(len(terms), scope.condition), parameters).fetchall()


@cache
def _keyed(count: int, condition: LiteralString) -> LiteralString:
    """Asks the index of keys for each term, and ranks the chunks of whose words most is known.

    Left out at once is what cannot have the least share, even if it has each word whose chunks were not all looked at.

    How many chunks have a frequent term is not counted to the end; the geometric middle of what was counted and all
    there are is taken for it.
    """
    hits = _KEYED_HITS.format(
        keys=_each(count, _KEYS, ", "),
        scope=condition,
        flags=_each(count, _FLAG, ", "),
        told=_each(count, _TOLD_OF_COUNTS, ", "),
        total=_total(count),
        whole=_with_all(count, condition),
    )
    return "WITH " + hits + _ranked(count)


def _with_all(count: int, condition: LiteralString) -> LiteralString:
    """Few words mean all of them. Of a word whose chunks were not all looked at, those may have been left out."""
    if not 1 < count <= SHORT:
        return ""
    return f"""
  UNION
  SELECT chunk_id
  FROM (SELECT FROM counts WHERE is_cut LIMIT 1) AS some_word
  CROSS JOIN LATERAL chunks_with_words(
    %(model_id)s::smallint,
    (SELECT keys FROM terms WHERE number = 0),
    (SELECT keys FROM terms WHERE number = 1),
    (SELECT keys FROM terms ORDER BY number DESC LIMIT 1),
    %(most)s) AS with_all(chunk_id)
  WHERE true{condition}
"""


def _ranked(count: int) -> LiteralString:
    return """
SELECT chunk_id, {all_of} AS has_all
FROM hits
CROSS JOIN told
WHERE {score} >= %(least_share)s * ({total})
ORDER BY {score} DESC, size, chunk_id
LIMIT %(limit)s
""".format(
        all_of=_each(count, "t{n} = 1", " AND "),
        score=_each(count, "t{n} * w{n}", " + "),
        total=_total(count),
    )


def _total(count: int) -> LiteralString:
    return _each(count, "w{n}", " + ")


# Numbers as literals: pyright proves of every statement that nothing a person wrote is part of it.
_ONES: tuple[LiteralString, ...] = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
_TENS: tuple[LiteralString, ...] = ("", "1", "2", "3")
_NUMBERS: Sequence[LiteralString] = [tens + ones for tens in _TENS for ones in _ONES]


def _each(count: int, piece: LiteralString, joint: LiteralString) -> LiteralString:
    return joint.join([piece.format(n=number) for number in _NUMBERS[:count]])
