"""Gives credits, once for each reason and ref."""

from shared.credits.change_once import change_once
from shared.credits.model import Credits, Reason
from shared.db.connection import Transaction
from shared.ids import UserId


def grant(tx: Transaction, user_id: UserId, amount: Credits, *, reason: Reason, ref: str) -> bool:
    """Add `amount`, of which a debt takes its part first; False when it was granted before. Raises NotFound."""
    return change_once(tx, user_id, amount, reason=reason, ref=ref)
