"""SQL of chunks, their vectors and their words, as they are written."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain, islice

from psycopg import RawCursor

from shared.ai.capabilities import Vector
from shared.db.connection import Transaction
from shared.ids import BlockId, ChunkId, SessionId, UserId
from shared.search.model import NewChunk
from shared.values import frozen
from shared.when.model import Period

_ROWS_PER_INSERT = 25
_SHARED_VALUES, _VALUES_OF_A_PART = 2, 5  # user and model; chunk, part, times and vector


@frozen
class ChunkRow:
    """A chunk about to be written: its id, and its place in the block."""

    id: ChunkId
    index: int
    chunk: NewChunk


def lock_block(tx: Transaction, user_id: UserId, *, session_id: SessionId, block_id: BlockId) -> bool:
    """Hold the block until the transaction ends; False if there is none."""
    row = tx.execute(
        """
        SELECT 1
        FROM session_blocks
        WHERE user_id = %(user_id)s AND id = %(block_id)s AND session_id = %(session_id)s
        FOR NO KEY UPDATE
        """,
        {"user_id": user_id, "session_id": session_id, "block_id": block_id},
    ).fetchone()
    return row is not None


def hashes_of_block(tx: Transaction, user_id: UserId, *, block_id: BlockId) -> dict[int, dict[int, bytes]]:
    """Content hash of each stored chunk of a block, by its model and its index."""
    rows = tx.execute(
        """
        SELECT model_id, chunk_index, content_hash
        FROM chunks
        WHERE user_id = %(user_id)s AND block_id = %(block_id)s
        """,
        {"user_id": user_id, "block_id": block_id},
    ).fetchall()
    hashes: dict[int, dict[int, bytes]] = {}
    for model_id, index, content_hash in rows:
        hashes.setdefault(model_id, {})[index] = bytes(content_hash)
    return hashes


def hashes_of_blocks(
    tx: Transaction, user_id: UserId, *, block_ids: Sequence[BlockId], model_id: int
) -> dict[BlockId, dict[int, bytes]]:
    """Content hash of each stored chunk of these blocks and this model, by its block and its index."""
    rows = tx.execute(
        """
        SELECT block_id, chunk_index, content_hash
        FROM chunks
        WHERE user_id = %(user_id)s AND block_id = ANY(%(block_ids)s) AND model_id = %(model_id)s
        """,
        {"user_id": user_id, "block_ids": list(block_ids), "model_id": model_id},
    ).fetchall()
    hashes: dict[BlockId, dict[int, bytes]] = {}
    for block_id, index, content_hash in rows:
        hashes.setdefault(BlockId(block_id), {})[index] = bytes(content_hash)
    return hashes


def delete_chunks(
    tx: Transaction, user_id: UserId, *, block_id: BlockId, model_id: int, indexes: Sequence[int]
) -> None:
    """Forget these chunks of a block, with their vectors."""
    if not indexes:
        return
    tx.execute(
        """
        DELETE FROM chunks
        WHERE user_id = %(user_id)s
          AND block_id = %(block_id)s
          AND model_id = %(model_id)s
          AND chunk_index = ANY(%(indexes)s::integer[])
        """,
        {"user_id": user_id, "block_id": block_id, "model_id": model_id, "indexes": list(indexes)},
    )


def insert_chunks(
    tx: Transaction,
    user_id: UserId,
    *,
    session_id: SessionId,
    block_id: BlockId,
    model_id: int,
    language: str,
    rows: Sequence[ChunkRow],
) -> None:
    """Write chunks and their words in one statement: the trigger that counts them runs once for each statement.

    `language` is the tag of the language they are in. Of a user whose space has keys, the words go into the index.
    """
    if not rows:
        return
    drafts = [row.chunk.draft for row in rows]
    tx.execute(
        """
        WITH written AS (
          INSERT INTO chunks
            (user_id, model_id, session_id, block_id, id, chunk_index, text, start_ms, end_ms, events, content_hash,
             vector_count)
          SELECT %(user_id)s, %(model_id)s, %(session_id)s, %(block_id)s, n.*
          FROM unnest(%(ids)s::uuid[], %(indexes)s::integer[], %(texts)s::text[], %(start_ms)s::integer[],
                      %(end_ms)s::integer[], %(events)s::tstzmultirange[], %(content_hashes)s::bytea[],
                      %(vector_counts)s::smallint[]) AS n
          RETURNING id, text
        )
        INSERT INTO chunk_words (user_id, model_id, chunk_id, words, is_keyed)
        SELECT %(user_id)s, %(model_id)s, id, strip(words_of(word_language(%(language)s), text)),
               coalesce((SELECT is_keyed FROM search_spaces WHERE user_id = %(user_id)s), false)
        FROM written
        """,
        {
            "user_id": user_id,
            "model_id": model_id,
            "session_id": session_id,
            "block_id": block_id,
            "language": language,
            "ids": [row.id for row in rows],
            "indexes": [row.index for row in rows],
            "texts": [draft.text for draft in drafts],
            "start_ms": [draft.start_ms for draft in drafts],
            "end_ms": [draft.end_ms for draft in drafts],
            "events": [_multirange(draft.events) for draft in drafts],
            "content_hashes": [draft.content_hash for draft in drafts],
            "vector_counts": [1 + len(draft.moments) for draft in drafts],
        },
    )


def _multirange(periods: Sequence[Period]) -> str:
    """Periods as Postgres writes a multirange; overlapping ones become one there."""
    ranges = (f"[{period.start.isoformat()},{period.end.isoformat()})" for period in periods)
    return f"{{{','.join(ranges)}}}"


def insert_vectors(tx: Transaction, user_id: UserId, *, model_id: int, rows: Sequence[ChunkRow]) -> None:
    """Write the vectors of chunks already written: part 0 is the chunk, the others are its moments.

    Many rows to a statement, and in binary: as text the same takes 21 times as long. Not all in one: in a pipeline the
    server writes some while others are packed. COPY would be faster still, but Postgres refuses it on tables with
    row-level security.
    """
    parts = (part for row in rows for part in _parts(row))
    cursor = RawCursor(tx)
    while batch := list(islice(parts, _ROWS_PER_INSERT)):
        cursor.execute(_insert_of(len(batch)), [user_id, model_id, *chain.from_iterable(batch)])


@cache
def _insert_of(row_count: int) -> bytes:
    """The statement that writes so many vectors, with Postgres' own placeholders.

    Psycopg would look for its own among so many each time, which takes longer than to send the vectors.
    """
    firsts = range(_SHARED_VALUES + 1, _SHARED_VALUES + 1 + row_count * _VALUES_OF_A_PART, _VALUES_OF_A_PART)
    places = (", ".join(f"${first + offset}" for offset in range(_VALUES_OF_A_PART)) for first in firsts)
    rows = (f"($1, $2, {place}::vector::halfvec(1536))" for place in places)
    columns = "user_id, model_id, chunk_id, part, start_ms, end_ms, embedding"
    return f"INSERT INTO chunk_vectors ({columns}) VALUES {', '.join(rows)}".encode()


def _parts(row: ChunkRow) -> Iterator[tuple[ChunkId, int, int | None, int | None, Vector]]:
    chunk = row.chunk
    yield row.id, 0, chunk.draft.start_ms, chunk.draft.end_ms, chunk.vector
    moments = zip(chunk.draft.moments, chunk.moment_vectors, strict=True)
    for part, (moment, vector) in enumerate(moments, start=1):
        yield row.id, part, moment.start_ms, moment.end_ms, vector
