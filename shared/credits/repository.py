"""SQL of the balance and its ledger. The balance is changed here and nowhere else, always with its row."""

from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from shared.credits.model import Entry
from shared.db.connection import Transaction
from shared.ids import UserId


def change_balance(tx: Transaction, user_id: UserId, entry_id: UUID, *, delta: int, reason: str, ref: str) -> bool:
    """Move the balance and write the row in one statement; False, and nothing, if it would go below zero.

    The row lock of the UPDATE orders concurrent changes of one user; the row's time is taken under it, so that
    the ledger is in that order too (now() would be when the transaction began). UNIQUE (user_id, reason, ref) refuses a
    second row for the same thing, with psycopg's UniqueViolation.
    """
    written = tx.execute(
        """
        WITH moved AS (
          UPDATE users
          SET credits = credits + %(delta)s, updated_at = now()
          WHERE id = %(user_id)s AND credits + %(delta)s >= 0
          RETURNING credits
        )
        INSERT INTO credit_ledger (user_id, id, delta, balance_after, reason, ref, created_at)
        SELECT %(user_id)s, %(id)s, %(delta)s, moved.credits, %(reason)s, %(ref)s, clock_timestamp()
        FROM moved
        """,
        {"user_id": user_id, "id": entry_id, "delta": delta, "reason": reason, "ref": ref},
    )
    return written.rowcount == 1


def find_entry(tx: Transaction, user_id: UserId, *, reason: str, ref: str) -> Entry | None:
    """The one row of that reason and ref."""
    with tx.cursor(row_factory=class_row(Entry)) as cursor:
        return cursor.execute(
            """
            SELECT id, delta, balance_after, reason, ref, created_at
            FROM credit_ledger
            WHERE user_id = %(user_id)s AND reason = %(reason)s AND ref = %(ref)s
            """,
            {"user_id": user_id, "reason": reason, "ref": ref},
        ).fetchone()


def entries(tx: Transaction, user_id: UserId, *, before: tuple[datetime, UUID] | None, limit: int) -> list[Entry]:
    """Ledger rows, newest first, after the given position."""
    with tx.cursor(row_factory=class_row(Entry)) as cursor:
        return cursor.execute(
            """
            SELECT id, delta, balance_after, reason, ref, created_at
            FROM credit_ledger
            WHERE user_id = %(user_id)s
              AND (%(before_at)s::timestamptz IS NULL OR (created_at, id) < (%(before_at)s, %(before_id)s::uuid))
            ORDER BY created_at DESC, id DESC
            LIMIT %(limit)s
            """,
            {
                "user_id": user_id,
                "before_at": before[0] if before else None,
                "before_id": before[1] if before else None,
                "limit": limit,
            },
        ).fetchall()
