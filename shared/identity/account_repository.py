"""SQL of users as administrators see them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from shared.db.connection import Transaction
from shared.identity.account_facts import Account, AccountFilter
from shared.ids import UserId


def accounts(
    tx: Transaction, wanted: AccountFilter, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Account]:
    """Users, newest first, after the given position. System role."""
    with tx.cursor(row_factory=class_row(Account)) as cursor:
        return cursor.execute(
            """
            SELECT u.id, u.firebase_uid, u.email, u.credits, u.credit_debt AS debt, u.preferred_language, u.disabled_at,
                   EXISTS (SELECT FROM administrators a WHERE a.user_id = u.id) AS is_administrator, u.created_at
            FROM users u
            WHERE (%(email)s::text IS NULL OR lower(u.email) ^@ lower(%(email)s::text))
              AND (%(firebase_uid)s::text IS NULL OR u.firebase_uid ^@ %(firebase_uid)s::text)
              AND (%(is_disabled)s::boolean IS NULL OR (u.disabled_at IS NOT NULL) = %(is_disabled)s::boolean)
              AND (%(before_at)s::timestamptz IS NULL
                   OR (u.created_at, u.id) < (%(before_at)s::timestamptz, %(before_id)s::uuid))
            ORDER BY u.created_at DESC, u.id DESC
            LIMIT %(limit)s
            """,
            {
                "email": wanted.email,
                "firebase_uid": wanted.firebase_uid,
                "is_disabled": wanted.is_disabled,
                "before_at": before[0] if before else None,
                "before_id": before[1] if before else None,
                "limit": limit,
            },
        ).fetchall()


def account(tx: Transaction, user_id: UserId) -> Account | None:
    """One user. System role."""
    with tx.cursor(row_factory=class_row(Account)) as cursor:
        return cursor.execute(
            """
            SELECT u.id, u.firebase_uid, u.email, u.credits, u.credit_debt AS debt, u.preferred_language, u.disabled_at,
                   EXISTS (SELECT FROM administrators a WHERE a.user_id = u.id) AS is_administrator, u.created_at
            FROM users u
            WHERE u.id = %(id)s
            """,
            {"id": user_id},
        ).fetchone()


def lock_disabled(tx: Transaction, user_id: UserId) -> bool | None:
    """Whether the account is disabled, which nobody else changes until the transaction ends; None without the user."""
    row = tx.execute(
        "SELECT disabled_at IS NOT NULL FROM users WHERE id = %(id)s FOR NO KEY UPDATE", {"id": user_id}
    ).fetchone()
    return None if row is None else row[0]


def set_disabled(tx: Transaction, user_id: UserId, *, is_disabled: bool) -> None:
    """Write it."""
    tx.execute(
        """
        UPDATE users
        SET disabled_at = CASE WHEN %(is_disabled)s THEN now() END, updated_at = now()
        WHERE id = %(id)s
        """,
        {"id": user_id, "is_disabled": is_disabled},
    )
