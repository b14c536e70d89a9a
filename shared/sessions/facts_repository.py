"""SQL of sessions as administrators see them, through the view that holds no word of their users'."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import kwargs_row

from shared.db.connection import Transaction
from shared.ids import UserId
from shared.sessions.facts import FactsFilter, SessionFacts
from shared.sessions.model import SessionStatus, SessionType


def facts(
    tx: Transaction, wanted: FactsFilter, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[SessionFacts]:
    """Sessions, newest first, after the given position. System role."""
    with tx.cursor(row_factory=kwargs_row(_facts)) as cursor:
        return cursor.execute(
            """
            SELECT id, user_id, session_type, status, language, failure_reason, created_at, updated_at, finalized_at,
                   processed_at
            FROM session_facts
            WHERE created_at >= %(since)s::timestamptz
              AND created_at < %(until)s::timestamptz
              AND (%(user_id)s::uuid IS NULL OR user_id = %(user_id)s::uuid)
              AND (%(status)s::text IS NULL OR status = %(status)s::text)
              AND (%(before_at)s::timestamptz IS NULL
                   OR (created_at, id) < (%(before_at)s::timestamptz, %(before_id)s::uuid))
            ORDER BY created_at DESC, id DESC
            LIMIT %(limit)s
            """,
            {
                "since": wanted.since,
                "until": wanted.until,
                "user_id": wanted.user_id,
                "status": wanted.status,
                "before_at": before[0] if before else None,
                "before_id": before[1] if before else None,
                "limit": limit,
            },
        ).fetchall()


def count_by_status(tx: Transaction, user_id: UserId) -> dict[str, int]:
    """How many sessions of one user are in each status."""
    rows = tx.execute(
        "SELECT status, count(*) FROM session_facts WHERE user_id = %(user_id)s GROUP BY status ORDER BY status",
        {"user_id": user_id},
    ).fetchall()
    return dict(rows)


def _facts(session_type: str, status: str, **columns: Any) -> SessionFacts:
    return SessionFacts(session_type=SessionType(session_type), status=SessionStatus(status), **columns)
