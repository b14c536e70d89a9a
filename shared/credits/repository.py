"""SQL of the balance and its ledger. The balance is changed here and nowhere else, always with its row."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from shared.credits.model import Credits, Entry, Standing
from shared.db.connection import Transaction
from shared.ids import UserId


def change_balance(
    tx: Transaction, user_id: UserId, entry_id: UUID, *, amount: int, least: int, reason: str, ref: str
) -> Credits | None:
    """Move the balance and write the row in one statement; what is left, or None, and nothing, below `least`.

    What the balance cannot bear becomes a debt, and what comes in pays the debt first: as a user has credits or a
    debt, never both, credits - debt says where they stand, and both sides of the row follow from it.

    The row lock of the UPDATE orders concurrent changes of one user; the row's time is taken under it, so that
    the ledger is in that order too (now() would be when the transaction began). UNIQUE (reason, ref) refuses a
    second row for the same thing, with psycopg's UniqueViolation.
    """
    row = tx.execute(
        """
        WITH moved AS (
          UPDATE users
          SET credits = greatest(credits - credit_debt + %(amount)s, 0),
              credit_debt = greatest(credit_debt - credits - %(amount)s, 0),
              updated_at = now()
          WHERE id = %(user_id)s AND credits >= %(least)s
          RETURNING credits, credit_debt, credits - credit_debt AS standing
        )
        INSERT INTO credit_ledger (user_id, id, delta, debt_delta, balance_after, debt_after, reason, ref, created_at)
        SELECT %(user_id)s, %(id)s,
               credits - greatest(standing - %(amount)s, 0), credit_debt - greatest(%(amount)s - standing, 0),
               credits, credit_debt, %(reason)s, %(ref)s, clock_timestamp()
        FROM moved
        RETURNING balance_after
        """,
        {"user_id": user_id, "id": entry_id, "amount": amount, "least": least, "reason": reason, "ref": ref},
    ).fetchone()
    return None if row is None else Credits(row[0])


def lock_balance(tx: Transaction, user_id: UserId) -> bool:
    """Make the caller the only one who moves this balance; False when there is no such user."""
    locked = tx.execute("SELECT id FROM users WHERE id = %(user_id)s FOR NO KEY UPDATE", {"user_id": user_id})
    return locked.fetchone() is not None


def find_standing(tx: Transaction, user_id: UserId) -> Standing | None:
    """The user's balance and debt."""
    with tx.cursor(row_factory=class_row(Standing)) as cursor:
        return cursor.execute(
            "SELECT credits, credit_debt AS debt FROM users WHERE id = %(user_id)s", {"user_id": user_id}
        ).fetchone()


def claim_trial(tx: Transaction, firebase_uid_hash: bytes) -> bool:
    """Remember that this Firebase user had the trial; False when that was known."""
    claimed = tx.execute(
        "INSERT INTO trial_claims (firebase_uid_hash) VALUES (%(hash)s) ON CONFLICT DO NOTHING",
        {"hash": firebase_uid_hash},
    )
    return claimed.rowcount == 1


def find_entry(tx: Transaction, user_id: UserId, *, reason: str, ref: str) -> Entry | None:
    """The one row of that reason and ref."""
    with tx.cursor(row_factory=class_row(Entry)) as cursor:
        return cursor.execute(
            """
            SELECT id, delta, debt_delta, balance_after, debt_after, reason, ref, created_at
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
            SELECT id, delta, debt_delta, balance_after, debt_after, reason, ref, created_at
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


def entries_for(tx: Transaction, user_id: UserId, refs: Sequence[str]) -> list[Entry]:
    """Ledger rows about these things, oldest first."""
    with tx.cursor(row_factory=class_row(Entry)) as cursor:
        return cursor.execute(
            """
            SELECT id, delta, debt_delta, balance_after, debt_after, reason, ref, created_at
            FROM credit_ledger
            WHERE user_id = %(user_id)s AND ref = ANY(%(refs)s)
            ORDER BY created_at, id
            """,
            {"user_id": user_id, "refs": list(refs)},
        ).fetchall()


def users_off_balance(tx: Transaction) -> list[UserId]:
    """Users of any tenant whose row and ledger differ; needs the system role."""
    found = tx.execute(
        """
        SELECT u.id
        FROM users u
        LEFT JOIN LATERAL (
          SELECT sum(delta) AS credits, sum(debt_delta) AS debt
          FROM credit_ledger l
          WHERE l.user_id = u.id
        ) l ON true
        WHERE (u.credits, u.credit_debt) IS DISTINCT FROM (coalesce(l.credits, 0), coalesce(l.debt, 0))
        """
    )
    return [user_id for (user_id,) in found.fetchall()]
