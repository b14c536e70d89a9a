"""Counts the tokens a question may take as used, and sets money aside for it, before a model is asked."""

from shared.ai.reserve_spend import reserve_spend
from shared.answers import repository
from shared.answers.model import Reservation
from shared.db.connection import Transaction
from shared.errors import BudgetSpent, SpendCapReached
from shared.ids import UserId


def reserve_tokens(tx: Transaction, user_id: UserId, *, tokens: int, daily_tokens: int) -> Reservation:
    """A reservation, to be settled when it is known what was used.

    Two questions at once cannot take the same tokens. A function that dies keeps what it reserved: the provider may
    have been asked, and it is one question's worth.

    Raises:
        BudgetSpent: what is left of the user's day (UTC) is less.
        SpendCapReached: what providers may cost for the user in a day is spent.
    """
    reservation = repository.take_tokens(tx, user_id, tokens=tokens, limit=daily_tokens)
    if reservation is None:
        raise spent(seconds_left=repository.used_today(tx, user_id)[1])
    wait_seconds = reserve_spend(tx, user_id, reservation.id)
    if wait_seconds:
        raise SpendCapReached(
            "What your questions may cost is spent or set aside. Searching goes on; ask again as Retry-After says.",
            retry_after_seconds=wait_seconds,
        )
    return reservation


def spent(*, seconds_left: int) -> BudgetSpent:
    """The refusal, which says when the next day begins."""
    return BudgetSpent(
        "Today's questions to your notes are used up. Searching goes on; ask again tomorrow (UTC).",
        retry_after_seconds=seconds_left,
    )
