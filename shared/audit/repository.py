"""SQL of the audit log: written once, never changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import kwargs_row
from psycopg.types.json import Jsonb

from shared.audit.model import Action, Deed, DeedFilter, KeptDeed
from shared.db.connection import Transaction
from shared.ids import new_id


def insert(tx: Transaction, deed: Deed, *, correlation_id: str) -> None:
    """Keep it; needs the system role."""
    tx.execute(
        """
        INSERT INTO audit_log
          (id, actor_id, actor_name, action, subject_user_id, subject, reason, details, correlation_id)
        VALUES (%(id)s, %(actor_id)s, %(actor_name)s, %(action)s, %(subject_user_id)s, %(subject)s, %(reason)s,
                %(details)s, %(correlation_id)s)
        """,
        {
            "id": new_id(),
            "actor_id": deed.actor_id,
            "actor_name": deed.actor_name,
            "action": deed.action,
            "subject_user_id": deed.subject_user_id,
            "subject": deed.subject,
            "reason": deed.reason,
            "details": Jsonb(deed.details),
            "correlation_id": correlation_id,
        },
    )


def deeds(
    tx: Transaction, wanted: DeedFilter, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[KeptDeed]:
    """Deeds, newest first, after the given position. System role."""
    with tx.cursor(row_factory=kwargs_row(_kept)) as cursor:
        return cursor.execute(
            """
            SELECT id, actor_id, actor_name, action, subject_user_id, subject, reason, details, correlation_id,
                   created_at
            FROM audit_log
            WHERE (%(actor_id)s::uuid IS NULL OR actor_id = %(actor_id)s::uuid)
              AND (%(subject_user_id)s::uuid IS NULL OR subject_user_id = %(subject_user_id)s::uuid)
              AND (%(action)s::text IS NULL OR action = %(action)s::text)
              AND (%(before_at)s::timestamptz IS NULL
                   OR (created_at, id) < (%(before_at)s::timestamptz, %(before_id)s::uuid))
            ORDER BY created_at DESC, id DESC
            LIMIT %(limit)s
            """,
            {
                "actor_id": wanted.actor_id,
                "subject_user_id": wanted.subject_user_id,
                "action": wanted.action,
                "before_at": before[0] if before else None,
                "before_id": before[1] if before else None,
                "limit": limit,
            },
        ).fetchall()


def _kept(action: str, **columns: Any) -> KeptDeed:
    return KeptDeed(action=Action(action), **columns)
