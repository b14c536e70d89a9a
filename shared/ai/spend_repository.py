"""SQL of what providers may cost for a user in a day."""

from uuid import UUID

from shared.db.connection import Transaction
from shared.ids import UserId


def reserve(tx: Transaction, user_id: UserId, ref: UUID, *, cents: int) -> int:
    """0, or after how many seconds to ask again: what is spent is spent for the day (UTC)."""
    row = tx.execute(
        "SELECT reserve_spend(%(user_id)s, %(ref)s, %(cents)s)", {"user_id": user_id, "ref": ref, "cents": cents}
    ).fetchone()
    return 0 if row is None else row[0]


def release(tx: Transaction, user_id: UserId, ref: UUID) -> bool:
    """Forget what was reserved for it; False if there is nothing."""
    released = tx.execute(
        "DELETE FROM spend_reservations WHERE user_id = %(user_id)s AND ref = %(ref)s", {"user_id": user_id, "ref": ref}
    )
    return released.rowcount > 0
