"""SQL of words that are looked up by keys: those of users with many chunks."""

from collections.abc import Sequence
from functools import cache
from typing import Any, LiteralString
from uuid import UUID

from shared.db.connection import Transaction
from shared.ids import UserId
from shared.search.asked import Term
from shared.search.model import Space
from shared.search.scope_repository import EVERYTHING, Scope
from shared.search.words import SHORT, as_tsquery

_MOST_RANKED = 400
"""So many chunks are ranked: those of whose words most is known."""
_MOST_OF_A_WORD = 1_000
"""So many chunks with one word are looked at: there is no end to those with a frequent one."""
_WIDE = 20_000
"""The same where a condition is still to drop some of them."""

_FLAG = "(words @@ %(t{n})s::tsquery)::integer AS t{n}"

# What a term tells: its idf, from how many chunks have it.
_TOLD_OF_COUNTS = "ln(1 + %(chunks)s / (coalesce(max(n) FILTER (WHERE number = {n}), 0) + 0.5)) AS w{n}"
_KEYS = "({n}, word_keys(%(user_id)s, array_to_tsvector(%(lexemes{n})s::text[])))"

_HITS = """
terms(number, keys) AS (VALUES {keys}),
found AS MATERIALIZED (
  SELECT number, chunk_id
  FROM terms
  CROSS JOIN LATERAL chunks_with_word(%(model_id)s::smallint, keys, %(each)s) AS with_it(chunk_id)
  WHERE true{scope}
),
counts AS MATERIALIZED (
  SELECT number, count(*) >= %(each)s OR %(is_narrowed)s AS is_cut,
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


def look_up_words(
    tx: Transaction,
    user_id: UserId,
    space: Space,
    terms: Sequence[Term],
    scope: Scope,
    limit: int,
    least_share: float,
) -> list[tuple[UUID, bool]]:
    """As `find_words`, of a user whose words have keys: (chunk, whether it has all of the terms)."""
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
        "is_narrowed": scope is not EVERYTHING,
    }
    return tx.execute(_statement(len(terms), scope.condition), parameters).fetchall()


@cache
def _statement(count: int, condition: LiteralString) -> LiteralString:
    """Asks the index of keys for each term, and ranks the chunks of whose words most is known.

    Left out at once is what cannot have the least share, even if it has each word whose chunks were not all looked at.

    How many chunks have a frequent term is not counted to the end; the geometric middle of what was counted and all
    there are is taken for it.
    """
    hits = _HITS.format(
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
