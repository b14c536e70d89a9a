"""SQL of the blocks of sessions."""

from collections.abc import Sequence
from typing import Any

from psycopg.rows import kwargs_row
from psycopg.types.json import Jsonb

from shared.ai.capabilities import Segment
from shared.db.connection import Transaction
from shared.db.selection import Selection
from shared.ids import BlockId, MediaId, SessionId, UserId
from shared.sessions.model import Block, BlockType, NewBlock

_BLOCK = """
  b.id, b.session_id, b.block_type, b.text_content, b.text_origin, b.segments, b.media_id, b.metadata, b.captured_at,
  b.created_at, b.updated_at, b.version
"""


def _block(**row: Any) -> Block:
    row["block_type"] = BlockType(row["block_type"])
    row["segments"] = tuple(Segment(**segment) for segment in row["segments"] or ())
    return Block(**row)


def insert(tx: Transaction, user_id: UserId, session_id: SessionId, block_id: BlockId, new: NewBlock) -> Block | None:
    """Add a block; None when the user has one of that id, or one that names the same media.

    Without a time of capture it gets this moment, not the transaction's, so that a list keeps its order.
    """
    with tx.cursor(row_factory=kwargs_row(_block)) as cursor:
        return cursor.execute(
            f"""
            INSERT INTO session_blocks AS b
              (user_id, id, session_id, block_type, text_content, text_origin, media_id, metadata, captured_at)
            VALUES (%(user_id)s, %(id)s, %(session_id)s, %(block_type)s, %(text)s, %(origin)s, %(media_id)s,
                    %(metadata)s, coalesce(%(captured_at)s, clock_timestamp()))
            ON CONFLICT DO NOTHING
            RETURNING {_BLOCK}
            """,
            {
                "user_id": user_id,
                "id": block_id,
                "session_id": session_id,
                "block_type": new.block_type,
                "text": new.text_content,
                "origin": None if new.text_content is None else "user",
                "media_id": new.media_id,
                "metadata": Jsonb(new.metadata),
                "captured_at": new.captured_at,
            },
        ).fetchone()


def insert_for_upload(
    tx: Transaction,
    user_id: UserId,
    session_id: SessionId,
    block_id: BlockId,
    block_type: BlockType,
    media_id: MediaId,
) -> None:
    """Give an uploaded file a block of its own, unless one names it."""
    tx.execute(
        """
        INSERT INTO session_blocks (user_id, id, session_id, block_type, media_id, made_by)
        VALUES (%(user_id)s, %(id)s, %(session_id)s, %(block_type)s, %(media_id)s, 'upload')
        ON CONFLICT (user_id, media_id) DO NOTHING
        """,
        {
            "user_id": user_id,
            "id": block_id,
            "session_id": session_id,
            "block_type": block_type,
            "media_id": media_id,
        },
    )


def delete_made_for_upload(tx: Transaction, user_id: UserId, media_id: MediaId) -> None:
    """Make room for the app's own block of that file."""
    tx.execute(
        "DELETE FROM session_blocks WHERE user_id = %(user_id)s AND media_id = %(media_id)s AND made_by = 'upload'",
        {"user_id": user_id, "media_id": media_id},
    )


def find(tx: Transaction, user_id: UserId, session_id: SessionId, block_id: BlockId) -> Block | None:
    """One block of that session."""
    with tx.cursor(row_factory=kwargs_row(_block)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_BLOCK}
            FROM session_blocks b
            WHERE b.user_id = %(user_id)s AND b.session_id = %(session_id)s AND b.id = %(id)s
            """,
            {"user_id": user_id, "session_id": session_id, "id": block_id},
        ).fetchone()


def find_all(tx: Transaction, user_id: UserId, block_ids: Sequence[BlockId]) -> list[Block]:
    """Those of these blocks that the user has, in no order."""
    with tx.cursor(row_factory=kwargs_row(_block)) as cursor:
        return cursor.execute(
            f"SELECT {_BLOCK} FROM session_blocks b WHERE b.user_id = %(user_id)s AND b.id = ANY (%(ids)s)",
            {"user_id": user_id, "ids": list(block_ids)},
        ).fetchall()


def sessions_of(tx: Transaction, user_id: UserId, block_ids: Sequence[BlockId]) -> dict[BlockId, SessionId]:
    """The session of each of these blocks that the user has."""
    rows = tx.execute(
        "SELECT id, session_id FROM session_blocks WHERE user_id = %(user_id)s AND id = ANY (%(ids)s)",
        {"user_id": user_id, "ids": list(block_ids)},
    ).fetchall()
    return {BlockId(block_id): SessionId(session_id) for block_id, session_id in rows}


def all_of_session(user_id: UserId, session_id: SessionId) -> Selection[Block]:
    """The blocks of a session, as they were captured."""
    return Selection(
        statement=f"""
            SELECT {_BLOCK}
            FROM session_blocks b
            WHERE b.user_id = %(user_id)s AND b.session_id = %(session_id)s
            ORDER BY b.captured_at, b.id
            """,
        values={"user_id": user_id, "session_id": session_id},
        row=_block,
    )


def of_session(tx: Transaction, user_id: UserId, session_id: SessionId) -> list[Block]:
    """The blocks of a session, as they were captured."""
    return all_of_session(user_id, session_id).all_of(tx)


def has_text(tx: Transaction, user_id: UserId, session_id: SessionId) -> bool:
    """Whether any block holds text that is not blank."""
    row = tx.execute(
        """
        SELECT EXISTS (
          SELECT FROM session_blocks
          WHERE user_id = %(user_id)s AND session_id = %(session_id)s AND text_content ~ '\\S')
        """,
        {"user_id": user_id, "session_id": session_id},
    ).fetchone()
    return row is not None and row[0]


def write_text(
    tx: Transaction,
    user_id: UserId,
    media_id: MediaId,
    *,
    text: str,
    origin: str,
    segments: Sequence[Segment],
) -> None:
    """Keep what a provider read in a file; a text the user wrote stays."""
    tx.execute(
        """
        UPDATE session_blocks
        SET text_content = %(text)s, text_origin = %(origin)s, segments = %(segments)s, updated_at = now()
        WHERE user_id = %(user_id)s AND media_id = %(media_id)s AND text_origin IS DISTINCT FROM 'user'
        """,
        {
            "user_id": user_id,
            "media_id": media_id,
            "text": text,
            "origin": origin,
            "segments": Jsonb([{"start_ms": s.start_ms, "end_ms": s.end_ms, "text": s.text} for s in segments]),
        },
    )


def edit(
    tx: Transaction,
    user_id: UserId,
    session_id: SessionId,
    block_id: BlockId,
    *,
    text: str | None,
    metadata: dict[str, Any] | None,
) -> Block | None:
    """Change what is given; the segments stay, for unchanged words keep their times."""
    with tx.cursor(row_factory=kwargs_row(_block)) as cursor:
        return cursor.execute(
            f"""
            UPDATE session_blocks b
            SET text_content = coalesce(%(text)s, b.text_content),
                text_origin = CASE WHEN %(text)s::text IS NULL THEN b.text_origin ELSE 'user' END,
                metadata = coalesce(%(metadata)s, b.metadata),
                updated_at = now()
            WHERE b.user_id = %(user_id)s AND b.session_id = %(session_id)s AND b.id = %(id)s
            RETURNING {_BLOCK}
            """,
            {
                "user_id": user_id,
                "session_id": session_id,
                "id": block_id,
                "text": text,
                "metadata": None if metadata is None else Jsonb(metadata),
            },
        ).fetchone()


def delete(tx: Transaction, user_id: UserId, session_id: SessionId, block_id: BlockId) -> None:
    """Delete a block with its chunks."""
    tx.execute(
        "DELETE FROM session_blocks WHERE user_id = %(user_id)s AND session_id = %(session_id)s AND id = %(id)s",
        {"user_id": user_id, "session_id": session_id, "id": block_id},
    )
