"""SQL of payments."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import class_row

from shared.db.connection import Transaction
from shared.ids import UserId
from shared.payments.model import OrderId, Package, Payment
from shared.payments.settlement import Settlement

_COLUMNS: LiteralString = """id, user_id, stripe_session_id, stripe_payment_intent_id, stripe_customer_id, package_id,
    credits_amount, amount_cents, currency, livemode, status, reason, refunded_cents, disputed_cents,
    credits_taken_back, read_token, created_at, completed_at"""


def insert(
    tx: Transaction, user_id: UserId, order_id: OrderId, package: Package, *, customer_id: str, livemode: bool
) -> Payment:
    """Write the order, as the package is sold now."""
    with tx.cursor(row_factory=class_row(Payment)) as cursor:
        inserted = cursor.execute(
            f"""
            INSERT INTO payments (user_id, id, stripe_customer_id, package_id, credits_amount, amount_cents, currency,
                                  livemode)
            VALUES (%(user_id)s, %(id)s, %(customer_id)s, %(package_id)s, %(credits)s, %(amount_cents)s, %(currency)s,
                    %(livemode)s)
            RETURNING {_COLUMNS}
            """,
            {
                "user_id": user_id,
                "id": order_id,
                "customer_id": customer_id,
                "package_id": package.id,
                "credits": package.credits,
                "amount_cents": package.amount_cents,
                "currency": package.currency,
                "livemode": livemode,
            },
        ).fetchone()
    if inserted is None:
        raise RuntimeError("an INSERT without a condition returned no row")
    return inserted


def set_session(tx: Transaction, user_id: UserId, order_id: OrderId, session_id: str) -> bool:
    """Remember the order's Checkout Session, unless that has been done; False when the order is gone."""
    there = tx.execute(
        """
        UPDATE payments
        SET stripe_session_id = coalesce(stripe_session_id, %(session_id)s), updated_at = now()
        WHERE user_id = %(user_id)s AND id = %(id)s
        """,
        {"user_id": user_id, "id": order_id, "session_id": session_id},
    )
    return there.rowcount == 1


def delete_unopened(tx: Transaction, user_id: UserId, order_id: OrderId) -> None:
    """Take back an order that no Checkout Session is known of."""
    tx.execute(
        """
        DELETE FROM payments
        WHERE user_id = %(user_id)s AND id = %(id)s AND status = 'pending' AND stripe_session_id IS NULL
        """,
        {"user_id": user_id, "id": order_id},
    )


def owner_of_order(tx: Transaction, order_id: UUID) -> UserId | None:
    """Whose order it is, asked before any tenant is set."""
    row = tx.execute("SELECT user_id FROM owner_of_order(%(id)s)", {"id": order_id}).fetchone()
    return None if row is None else UserId(row[0])


def claim_reading(tx: Transaction, user_id: UserId, order_id: OrderId) -> Payment | None:
    """Make the caller the order's newest reader."""
    with tx.cursor(row_factory=class_row(Payment)) as cursor:
        return cursor.execute(
            f"""
            UPDATE payments
            SET read_token = read_token + 1, updated_at = now()
            WHERE user_id = %(user_id)s AND id = %(id)s
            RETURNING {_COLUMNS}
            """,
            {"user_id": user_id, "id": order_id},
        ).fetchone()


def lock(tx: Transaction, user_id: UserId, order_id: OrderId) -> Payment | None:
    """The order as it is, until the transaction ends."""
    with tx.cursor(row_factory=class_row(Payment)) as cursor:
        return cursor.execute(
            f"SELECT {_COLUMNS} FROM payments WHERE user_id = %(user_id)s AND id = %(id)s FOR UPDATE",
            {"user_id": user_id, "id": order_id},
        ).fetchone()


def write_settlement(
    tx: Transaction, order: Payment, settlement: Settlement, *, session_id: str, payment_intent_id: str | None
) -> None:
    """Write what became of a locked order."""
    tx.execute(
        """
        UPDATE payments
        SET status = %(status)s, reason = %(reason)s, stripe_session_id = %(session_id)s,
            stripe_payment_intent_id = coalesce(%(payment_intent_id)s, stripe_payment_intent_id),
            refunded_cents = %(refunded_cents)s, disputed_cents = %(disputed_cents)s,
            credits_taken_back = credits_taken_back + %(taken_back)s, updated_at = now(),
            completed_at = CASE
              WHEN %(status)s IN ('completed', 'refunded') THEN coalesce(completed_at, now())
              ELSE completed_at
            END
        WHERE user_id = %(user_id)s AND id = %(id)s
        """,
        {
            "user_id": order.user_id,
            "id": order.id,
            "status": settlement.status,
            "reason": settlement.reason,
            "session_id": session_id,
            "payment_intent_id": payment_intent_id,
            "refunded_cents": settlement.refunded_cents,
            "disputed_cents": settlement.disputed_cents,
            "taken_back": settlement.credits_taken_back,
        },
    )


def by_order_ids(tx: Transaction, order_ids: Sequence[UUID]) -> Sequence[Payment]:
    """These orders, whoever's they are; needs the system role."""
    with tx.cursor(row_factory=class_row(Payment)) as cursor:
        return cursor.execute(
            f"SELECT {_COLUMNS} FROM payments WHERE id = ANY(%(ids)s)", {"ids": list(order_ids)}
        ).fetchall()


def disputed(tx: Transaction, *, limit: int) -> Sequence[Payment]:
    """Orders of anybody with money at a bank, decided or not, longest unread first; needs the system role."""
    with tx.cursor(row_factory=class_row(Payment)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_COLUMNS}
            FROM payments
            WHERE disputed_cents > 0 AND status = 'completed'
            ORDER BY updated_at
            LIMIT %(limit)s
            """,
            {"limit": limit},
        ).fetchall()


def pending_since(tx: Transaction, *, older_than: timedelta, limit: int) -> Sequence[Payment]:
    """Orders of anybody that have been pending for long, longest unread first; needs the system role."""
    with tx.cursor(row_factory=class_row(Payment)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_COLUMNS}
            FROM payments
            WHERE status = 'pending' AND created_at < now() - %(older_than)s
            ORDER BY updated_at
            LIMIT %(limit)s
            """,
            {"older_than": older_than, "limit": limit},
        ).fetchall()


def fail_unopened(tx: Transaction, user_id: UserId, order_id: OrderId, reason: str) -> bool:
    """Give up an order that never got a Checkout Session; False when it has one, or is settled."""
    failed = tx.execute(
        """
        UPDATE payments
        SET status = 'failed', reason = %(reason)s, updated_at = now()
        WHERE user_id = %(user_id)s AND id = %(id)s AND status = 'pending' AND stripe_session_id IS NULL
        """,
        {"user_id": user_id, "id": order_id, "reason": reason},
    )
    return failed.rowcount == 1


def page(
    tx: Transaction,
    user_id: UserId | None,
    *,
    before: tuple[datetime, UUID] | None,
    limit: int,
    with_unopened: bool = False,
) -> Sequence[Payment]:
    """One user's payments, or everybody's (which needs the system role), newest first, after the given position.

    `with_unopened`: also orders that no checkout is known of, which nobody could have paid.
    """
    parameters: dict[str, Any] = {
        "user_id": user_id,
        "before_at": before[0] if before else None,
        "before_id": before[1] if before else None,
        "limit": limit,
        "with_unopened": with_unopened,
    }
    with tx.cursor(row_factory=class_row(Payment)) as cursor:
        return cursor.execute(
            f"""
            SELECT {_COLUMNS}
            FROM payments
            WHERE (%(user_id)s::uuid IS NULL OR user_id = %(user_id)s)
              AND (%(with_unopened)s OR stripe_session_id IS NOT NULL)
              AND (%(before_at)s::timestamptz IS NULL OR (created_at, id) < (%(before_at)s, %(before_id)s::uuid))
            ORDER BY created_at DESC, id DESC
            LIMIT %(limit)s
            """,
            parameters,
        ).fetchall()
