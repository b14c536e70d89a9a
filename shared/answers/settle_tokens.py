"""Replaces what a question had reserved by what it used; its cost is counted when it is written down."""

from shared.ai.release_spend import release_spend
from shared.answers import repository
from shared.answers.model import Reservation
from shared.db.connection import Transaction
from shared.ids import UserId


def settle_tokens(tx: Transaction, user_id: UserId, reservation: Reservation, *, used_tokens: int) -> int | None:
    """The tokens the user has used that day, these included. What was used is counted, even beyond the limit.

    None when it was settled before: a COMMIT whose answer was lost had been made, and nothing is left to write.
    """
    if not release_spend(tx, user_id, reservation.id):
        return None
    by_tokens = used_tokens - reservation.tokens
    counted = repository.correct_tokens(tx, user_id, day=reservation.day, by_tokens=by_tokens)
    return used_tokens if counted is None else counted
