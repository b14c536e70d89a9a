"""Keeps the answer of a request under its key, in the transaction of what the request changes."""

from shared.db.connection import Transaction
from shared.errors import KeyRunning
from shared.idempotency import repository
from shared.idempotency.model import Answer, Claim
from shared.ids import UserId


def keep_answer(tx: Transaction, user_id: UserId, claim: Claim, answer: Answer) -> None:
    """Once. Raises KeyRunning when another request took the key over: this one must change nothing then."""
    if not repository.keep(tx, user_id, claim, answer):
        raise KeyRunning(
            "Another request with this Idempotency-Key took over from this one, which changed nothing. Ask again.",
            retry_after_seconds=1,
        )
