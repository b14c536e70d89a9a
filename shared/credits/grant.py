"""Gives credits, once for each reason and ref."""

from shared.credits import repository
from shared.credits.model import Credits, Reason
from shared.db.connection import Transaction
from shared.ids import UserId, new_id


def grant(tx: Transaction, user_id: UserId, amount: Credits, *, reason: Reason, ref: str) -> None:
    """Add `amount`. Raises psycopg's UniqueViolation when it was granted before."""
    repository.change_balance(tx, user_id, new_id(), delta=amount, reason=reason, ref=ref)
