"""SQL that brings rows back into the tables of other rooms, each under the caller's id, and only where its id is free.

Nothing here changes a row that is there. What rows may say was checked before (brought_rows.py).
"""

from collections.abc import Sequence
from typing import Any, LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from shared.db.connection import Transaction
from shared.ids import UserId

Rows = Sequence[dict[str, Any]]
"""Rows as JSON has them, by column."""

Print = tuple[object, ...]
"""What a session is, in short, so that two can be compared."""


def session_prints(tx: Transaction, user_id: UserId, session_ids: Sequence[UUID]) -> dict[UUID, Print]:
    """Those of these sessions that the user has, each in short: its own words, and its blocks with a hash of theirs."""
    rows = tx.execute(
        """
        SELECT s.id, s.session_type, s.language, s.title, s.ai_summary, s.created_at,
               coalesce((SELECT array_agg(b.id::text || ':' || md5(coalesce(b.text_content, '')) ORDER BY b.id)
                         FROM session_blocks b
                         WHERE b.user_id = s.user_id AND b.session_id = s.id), '{}')
        FROM sessions s
        WHERE s.user_id = %(user_id)s AND s.id = ANY (%(ids)s)
        """,
        {"user_id": user_id, "ids": list(session_ids)},
    ).fetchall()
    return {session_id: (*words, tuple(blocks)) for session_id, *words, blocks in rows}


def taken_media(tx: Transaction, user_id: UserId, media_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these ids by which the user has a file."""
    rows = tx.execute(
        "SELECT id FROM media_files WHERE user_id = %(user_id)s AND id = ANY (%(ids)s)",
        {"user_id": user_id, "ids": list(media_ids)},
    ).fetchall()
    return {row[0] for row in rows}


def insert_sessions(tx: Transaction, user_id: UserId, rows: Rows) -> set[UUID]:
    """Those that were free."""
    return _inserted(
        tx,
        """
        INSERT INTO sessions (user_id, id, session_type, status, language, time_zone, title, ai_summary, failure_reason,
                              created_at, updated_at, finalized_at, finalized_as, processed_at)
        SELECT %(user_id)s, r.id, r.session_type, r.status, r.language, r.time_zone, r.title, r.ai_summary,
               r.failure_reason, r.created_at, r.updated_at, r.finalized_at, r.finalized_as, r.processed_at
        FROM jsonb_to_recordset(%(rows)s) AS r (
          id uuid, session_type text, status text, language text, time_zone text, title text, ai_summary text,
          failure_reason text, created_at timestamptz, updated_at timestamptz, finalized_at timestamptz,
          finalized_as text, processed_at timestamptz)
        ON CONFLICT DO NOTHING
        RETURNING id
        """,
        user_id,
        rows,
    )


def insert_media(tx: Transaction, user_id: UserId, rows: Rows) -> set[UUID]:
    """Those that were free; of sessions that are there."""
    return _inserted(
        tx,
        """
        INSERT INTO media_files (user_id, id, session_id, type, object_key, content_type, size_bytes, sha256, status,
                                 reason, etag, duration_ms, speech_ms, created_at, uploaded_at)
        SELECT %(user_id)s, r.id, r.session_id, r.type, r.object_key, r.content_type, r.size_bytes, r.sha256, r.status,
               r.reason, r.etag, r.duration_ms, r.speech_ms, r.created_at, r.uploaded_at
        FROM jsonb_to_recordset(%(rows)s) AS r (
          id uuid, session_id uuid, type text, object_key text, content_type text, size_bytes bigint, sha256 text,
          status text, reason text, etag text, duration_ms integer, speech_ms integer, created_at timestamptz,
          uploaded_at timestamptz)
        ON CONFLICT DO NOTHING
        RETURNING id
        """,
        user_id,
        rows,
    )


def insert_blocks(tx: Transaction, user_id: UserId, rows: Rows) -> set[UUID]:
    """Those that were free, and whose file, if they name one, is of their session."""
    return _inserted(
        tx,
        """
        INSERT INTO session_blocks (user_id, id, session_id, block_type, text_content, text_origin, segments, media_id,
                                    made_by, metadata, captured_at, created_at, updated_at)
        SELECT %(user_id)s, r.id, r.session_id, r.block_type, r.text_content, r.text_origin,
               nullif(r.segments, 'null'::jsonb), r.media_id, r.made_by, r.metadata, r.captured_at, r.created_at,
               r.updated_at
        FROM jsonb_to_recordset(%(rows)s) AS r (
          id uuid, session_id uuid, block_type text, text_content text, text_origin text, segments jsonb, media_id uuid,
          made_by text, metadata jsonb, captured_at timestamptz, created_at timestamptz, updated_at timestamptz)
        WHERE r.media_id IS NULL OR EXISTS (
          SELECT FROM media_files m
          WHERE m.user_id = %(user_id)s AND m.id = r.media_id AND m.session_id = r.session_id)
        ON CONFLICT DO NOTHING
        RETURNING id
        """,
        user_id,
        rows,
    )


def insert_conversations(tx: Transaction, user_id: UserId, rows: Rows) -> set[UUID]:
    """Those that were free."""
    return _inserted(
        tx,
        """
        INSERT INTO conversations (user_id, id, created_at, asked_at)
        SELECT %(user_id)s, r.id, r.created_at, r.asked_at
        FROM jsonb_to_recordset(%(rows)s) AS r (id uuid, created_at timestamptz, asked_at timestamptz)
        ON CONFLICT DO NOTHING
        RETURNING id
        """,
        user_id,
        rows,
    )


def insert_turns(tx: Transaction, user_id: UserId, rows: Rows) -> set[UUID]:
    """Those that were free, and of whose `blocks` all are there: what was said of a note that is gone stays gone."""
    return _inserted(
        tx,
        """
        INSERT INTO conversation_turns (user_id, id, conversation_id, question, answer, created_at)
        SELECT %(user_id)s, r.id, r.conversation_id, r.question, r.answer, r.created_at
        FROM jsonb_to_recordset(%(rows)s) AS r (
          id uuid, conversation_id uuid, question text, answer text, created_at timestamptz, blocks uuid[])
        WHERE EXISTS (
            SELECT FROM conversations c WHERE c.user_id = %(user_id)s AND c.id = r.conversation_id)
          AND NOT EXISTS (
            SELECT FROM unnest(r.blocks) AS named (id)
            WHERE NOT EXISTS (SELECT FROM session_blocks b WHERE b.user_id = %(user_id)s AND b.id = named.id))
        ON CONFLICT DO NOTHING
        RETURNING id
        """,
        user_id,
        rows,
    )


def insert_turn_blocks(tx: Transaction, user_id: UserId, rows: Rows) -> None:
    """What the turns just brought back hang on."""
    tx.execute(
        """
        INSERT INTO turn_blocks (user_id, turn_id, block_id)
        SELECT %(user_id)s, r.turn_id, r.block_id
        FROM jsonb_to_recordset(%(rows)s) AS r (turn_id uuid, block_id uuid)
        ON CONFLICT DO NOTHING
        """,
        {"user_id": user_id, "rows": Jsonb(list(rows))},
    )


def _inserted(tx: Transaction, statement: LiteralString, user_id: UserId, rows: Rows) -> set[UUID]:
    found = tx.execute(statement, {"user_id": user_id, "rows": Jsonb(list(rows))}).fetchall()
    return {row[0] for row in found}
