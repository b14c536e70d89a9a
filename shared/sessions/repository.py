"""SQL of sessions; that of their blocks is in block_repository.py."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import kwargs_row

from shared.db.connection import Transaction
from shared.db.selection import Selection
from shared.ids import SessionId, UserId
from shared.sessions.model import Session, SessionFilter, SessionStatus, SessionType

_SESSION = """
  s.id, s.user_id, s.session_type, s.status, s.language, s.time_zone, s.title, s.ai_summary, s.failure_reason,
  s.created_at, s.updated_at, s.finalized_at, s.finalized_as, s.processed_at, s.version
"""


def _session(**row: Any) -> Session:
    row["session_type"] = SessionType(row["session_type"])
    row["status"] = SessionStatus(row["status"])
    row["finalized_as"] = None if row["finalized_as"] is None else SessionStatus(row["finalized_as"])
    return Session(**row)


def insert(
    tx: Transaction,
    user_id: UserId,
    session_id: SessionId,
    *,
    session_type: SessionType,
    language: str | None,
    time_zone: str | None,
    title: str | None,
) -> Session | None:
    """Open a session in the given or the user's own language and time zone; None when the user has one of that id."""
    with tx.cursor(row_factory=kwargs_row(_session)) as cursor:
        return cursor.execute(
            f"""
            INSERT INTO sessions AS s (user_id, id, session_type, language, time_zone, title)
            SELECT u.id, %(id)s, %(session_type)s, coalesce(%(language)s, u.preferred_language),
                   coalesce(%(time_zone)s, u.time_zone), %(title)s
            FROM users u
            WHERE u.id = %(user_id)s
            ON CONFLICT (user_id, id) DO NOTHING
            RETURNING {_SESSION}
            """,
            {
                "user_id": user_id,
                "id": session_id,
                "session_type": session_type,
                "language": language,
                "time_zone": time_zone,
                "title": title,
            },
        ).fetchone()


def one(user_id: UserId, session_id: SessionId) -> Selection[Session]:
    """One session, if the user has it."""
    return Selection(
        statement=f"SELECT {_SESSION} FROM sessions s WHERE s.user_id = %(user_id)s AND s.id = %(id)s",
        values={"user_id": user_id, "id": session_id},
        row=_session,
    )


def find(tx: Transaction, user_id: UserId, session_id: SessionId) -> Session | None:
    """One session."""
    return one(user_id, session_id).first_of(tx)


def find_all(tx: Transaction, user_id: UserId, session_ids: Sequence[SessionId]) -> list[Session]:
    """Those of these sessions that the user has, in no order."""
    with tx.cursor(row_factory=kwargs_row(_session)) as cursor:
        return cursor.execute(
            f"SELECT {_SESSION} FROM sessions s WHERE s.user_id = %(user_id)s AND s.id = ANY (%(ids)s)",
            {"user_id": user_id, "ids": list(session_ids)},
        ).fetchall()


def lock(tx: Transaction, user_id: UserId, session_id: SessionId) -> Session | None:
    """One session, locked until the transaction ends: whoever decides about it is alone."""
    with tx.cursor(row_factory=kwargs_row(_session)) as cursor:
        return cursor.execute(
            f"SELECT {_SESSION} FROM sessions s WHERE s.user_id = %(user_id)s AND s.id = %(id)s FOR UPDATE",
            {"user_id": user_id, "id": session_id},
        ).fetchone()


def page(
    tx: Transaction,
    user_id: UserId,
    wanted: SessionFilter,
    *,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Session]:
    """Sessions that pass the filter, newest first, after the given position."""
    with tx.cursor(row_factory=kwargs_row(_session)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_SESSION}
            FROM sessions s
            WHERE s.user_id = %(user_id)s
              AND (%(status)s::text IS NULL OR s.status = %(status)s)
              AND (%(session_type)s::text IS NULL OR s.session_type = %(session_type)s)
              AND (%(from)s::timestamptz IS NULL OR s.created_at >= %(from)s)
              AND (%(to)s::timestamptz IS NULL OR s.created_at < %(to)s)
              AND (%(like)s::text IS NULL OR s.title ILIKE %(like)s OR s.ai_summary ILIKE %(like)s OR EXISTS (
                SELECT FROM session_blocks b
                WHERE b.user_id = s.user_id AND b.session_id = s.id AND b.text_content ILIKE %(like)s))
              AND (%(before_at)s::timestamptz IS NULL OR (s.created_at, s.id) < (%(before_at)s, %(before_id)s::uuid))
            ORDER BY s.created_at DESC, s.id DESC
            LIMIT %(limit)s
            """,
            {
                "user_id": user_id,
                "status": wanted.status,
                "session_type": wanted.session_type,
                "from": wanted.created_from,
                "to": wanted.created_to,
                "like": None if wanted.words is None else _containing(wanted.words),
                "before_at": before[0] if before else None,
                "before_id": before[1] if before else None,
                "limit": limit,
            },
        ).fetchall()


def _containing(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def edit(
    tx: Transaction, user_id: UserId, session_id: SessionId, *, title: str | None, language: str | None
) -> Session | None:
    """Change what is given."""
    with tx.cursor(row_factory=kwargs_row(_session)) as cursor:
        return cursor.execute(
            f"""
            UPDATE sessions s
            SET title = coalesce(%(title)s, s.title), language = coalesce(%(language)s, s.language), updated_at = now()
            WHERE s.user_id = %(user_id)s AND s.id = %(id)s
            RETURNING {_SESSION}
            """,
            {"user_id": user_id, "id": session_id, "title": title, "language": language},
        ).fetchone()


def finalize(tx: Transaction, user_id: UserId, session_id: SessionId, status: SessionStatus) -> None:
    """open -> what finalizing made of it, kept for every repeat."""
    tx.execute(
        """
        UPDATE sessions
        SET status = %(status)s, finalized_as = %(status)s, finalized_at = now(), updated_at = now()
        WHERE user_id = %(user_id)s AND id = %(id)s AND status = 'open'
        """,
        {"user_id": user_id, "id": session_id, "status": status},
    )


def start_over(tx: Transaction, user_id: UserId, session_id: SessionId) -> None:
    """no_credits | raw_only | failed -> pending_processing; nothing from any other state."""
    tx.execute(
        """
        UPDATE sessions
        SET status = 'pending_processing', failure_reason = NULL, processed_at = NULL, updated_at = now()
        WHERE user_id = %(user_id)s AND id = %(id)s AND status IN ('no_credits', 'raw_only', 'failed')
        """,
        {"user_id": user_id, "id": session_id},
    )


def begin_processing(tx: Transaction, user_id: UserId, session_id: SessionId) -> None:
    """pending_processing -> processing; nothing from any other state."""
    tx.execute(
        """
        UPDATE sessions
        SET status = 'processing', updated_at = now()
        WHERE user_id = %(user_id)s AND id = %(id)s AND status = 'pending_processing'
        """,
        {"user_id": user_id, "id": session_id},
    )


def end_processing(
    tx: Transaction, user_id: UserId, session_id: SessionId, status: SessionStatus, reason: str | None
) -> bool:
    """pending_processing | processing -> processed | failed; False, and nothing, from any other state."""
    ended = tx.execute(
        """
        UPDATE sessions
        SET status = %(status)s, failure_reason = %(reason)s, processed_at = now(), updated_at = now()
        WHERE user_id = %(user_id)s AND id = %(id)s AND status IN ('pending_processing', 'processing')
        """,
        {"user_id": user_id, "id": session_id, "status": status, "reason": reason},
    )
    return ended.rowcount == 1


def write_summary(tx: Transaction, user_id: UserId, session_id: SessionId, *, title: str, summary: str) -> None:
    """Keep the summary; a title the user chose stays."""
    tx.execute(
        """
        UPDATE sessions
        SET ai_summary = %(summary)s, title = coalesce(title, %(title)s), updated_at = now()
        WHERE user_id = %(user_id)s AND id = %(id)s
        """,
        {"user_id": user_id, "id": session_id, "title": title, "summary": summary},
    )


def delete(tx: Transaction, user_id: UserId, session_id: SessionId) -> bool:
    """Delete it with all that hangs on it; False when there was none."""
    deleted = tx.execute(
        "DELETE FROM sessions WHERE user_id = %(user_id)s AND id = %(id)s",
        {"user_id": user_id, "id": session_id},
    )
    return deleted.rowcount == 1
