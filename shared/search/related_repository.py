"""SQL of sessions that are about the same."""

from typing import Any

from psycopg.rows import dict_row
from psycopg.sql import SQL

from shared.db.connection import Transaction
from shared.ids import SessionId, UserId
from shared.search.model import Space
from shared.search.relatedness import PRIOR_NOTES

MOST_PASSAGES = 20
"""So many of a session's chunks, evenly spread over it, ask for their neighbours; one scan compares with all."""

_SAMPLE = 500
"""What is common to a user's notes is taken from so many of them, chosen by the last byte of their ids."""

# Scalar sub-selects are read once for the whole scan; where a session has fewer passages they are NULL, which least()
# leaves out.
_DISTANCES = SQL(", ").join(
    [SQL("v.bits <~> (SELECT bits FROM asking WHERE place = {})").format(place) for place in range(MOST_PASSAGES)]
)

_RELATED = SQL("""
WITH own AS MATERIALIZED (
  SELECT id AS chunk_id, row_number() OVER (ORDER BY block_id, chunk_index) - 1 AS place, count(*) OVER () AS total
  FROM chunks
  WHERE user_id = %(user_id)s AND session_id = %(session_id)s AND model_id = %(model_id)s
),
-- What the user's notes have in common, from a random sample of them, as if there were a few of nothing beside.
sampled AS MATERIALIZED (
  SELECT chunk_id
  FROM chunk_vectors
  WHERE user_id = %(user_id)s
    AND model_id = %(model_id)s
    AND part = 0
    AND get_byte(uuid_send(chunk_id), 15) < %(bytes)s
  LIMIT %(sample)s
),
common AS MATERIALIZED (
  SELECT avg(embedding) AS embedding, count(*) - %(prior)s AS sampled
  FROM (
    SELECT (
      SELECT embedding
      FROM chunk_vectors
      WHERE user_id = %(user_id)s AND model_id = %(model_id)s AND chunk_id = sampled.chunk_id AND part = 0) AS embedding
    FROM sampled
    UNION ALL
    SELECT array_fill(0::real, ARRAY[1536])::halfvec(1536) FROM generate_series(1, %(prior)s)
  ) notes
),
asking AS MATERIALIZED (
  SELECT (row_number() OVER (ORDER BY own.place)) - 1 AS place, own.chunk_id, v.bits,
         l2_normalize(v.embedding - (SELECT embedding FROM common)) AS embedding
  FROM own
  CROSS JOIN LATERAL (
    SELECT bits, embedding
    FROM chunk_vectors
    WHERE user_id = %(user_id)s AND model_id = %(model_id)s AND chunk_id = own.chunk_id AND part = 0
    LIMIT 1
  ) v
  WHERE own.place * %(passages)s %% own.total < %(passages)s
),
candidates AS MATERIALIZED (
  SELECT v.chunk_id
  FROM chunk_vectors v
  WHERE v.user_id = %(user_id)s
    AND v.model_id = %(model_id)s
    AND v.part = 0
    AND v.chunk_id NOT IN (SELECT chunk_id FROM own)
    AND EXISTS (SELECT FROM asking)
  ORDER BY least({distances})
  LIMIT %(depth)s
),
pairs AS MATERIALIZED (
  SELECT c.chunk_id AS their_id, mine.chunk_id AS my_id, mine.distance
  FROM candidates c
  CROSS JOIN LATERAL (
    SELECT l2_normalize(embedding - (SELECT embedding FROM common)) AS embedding
    FROM chunk_vectors
    WHERE user_id = %(user_id)s AND model_id = %(model_id)s AND chunk_id = c.chunk_id AND part = 0
    LIMIT 1
  ) v
  CROSS JOIN LATERAL (
    SELECT chunk_id, v.embedding <#> asking.embedding AS distance
    FROM asking
    ORDER BY distance, chunk_id
    LIMIT 1
  ) mine
),
best AS (
  SELECT DISTINCT ON (c.session_id) c.session_id, p.their_id, p.my_id, p.distance
  FROM pairs p
  CROSS JOIN LATERAL (
    SELECT session_id
    FROM chunks
    WHERE user_id = %(user_id)s AND model_id = %(model_id)s AND id = p.their_id
    LIMIT 1
  ) c
  ORDER BY c.session_id, p.distance, p.their_id
)
SELECT s.id AS session_id, s.title, s.created_at, -best.distance AS cosine,
       (SELECT sampled FROM common) AS chunk_count,
       mine.block_id AS my_block_id, mine.text AS my_text, mine.start_ms AS my_start_ms, mine.media_id AS my_media_id,
       theirs.block_id AS their_block_id, theirs.text AS their_text, theirs.start_ms AS their_start_ms,
       theirs.media_id AS their_media_id
FROM best
JOIN sessions s ON s.user_id = %(user_id)s AND s.id = best.session_id
CROSS JOIN LATERAL (
  SELECT c.block_id, c.text, c.start_ms, b.media_id
  FROM chunks c
  JOIN session_blocks b ON b.user_id = c.user_id AND b.id = c.block_id
  WHERE c.user_id = %(user_id)s AND c.model_id = %(model_id)s AND c.id = best.my_id
  LIMIT 1
) mine
CROSS JOIN LATERAL (
  SELECT c.block_id, c.text, c.start_ms, b.media_id
  FROM chunks c
  JOIN session_blocks b ON b.user_id = c.user_id AND b.id = c.block_id
  WHERE c.user_id = %(user_id)s AND c.model_id = %(model_id)s AND c.id = best.their_id
  LIMIT 1
) theirs
ORDER BY best.distance, s.id
LIMIT %(limit)s
""").format(distances=_DISTANCES)


def has_session(tx: Transaction, user_id: UserId, session_id: SessionId) -> bool:
    """Whether the user has it."""
    row = tx.execute(
        "SELECT 1 FROM sessions WHERE user_id = %(user_id)s AND id = %(id)s", {"user_id": user_id, "id": session_id}
    ).fetchone()
    return row is not None


def nearest_sessions(
    tx: Transaction,
    user_id: UserId,
    space: Space,
    *,
    session_id: SessionId,
    depth: int,
    limit: int,
) -> list[dict[str, Any]]:
    """The user's other sessions with a chunk near to one of this one's, nearest first, each by its nearest pair.

    One scan of sign bits for all passages that ask: a chunk is as near as the nearest of them. The `depth` nearest are
    then compared in full, without what is common to the user's notes. `chunk_count` says of how many that is known.
    """
    with tx.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            _RELATED,
            {
                "user_id": user_id,
                "session_id": session_id,
                "model_id": space.model_id,
                "passages": MOST_PASSAGES,
                "depth": depth,
                "limit": limit,
                "prior": PRIOR_NOTES,
                "sample": _SAMPLE,
                "bytes": min(256, -(-256 * _SAMPLE // max(1, space.vector_count))),
            },
        ).fetchall()
