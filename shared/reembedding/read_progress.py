"""Tells how far everybody is on the way to the current embedding model."""

from shared.db.connection import Transaction
from shared.reembedding import repository
from shared.reembedding.model import Progress
from shared.search.spaces import users_by_model


def read_progress(tx: Transaction) -> Progress:
    """Of all users, so it needs the system role."""
    under_way, held_up, clearing = repository.counts(tx)
    tokens, tokens_a_day = repository.budget_of_today(tx) or (None, None)
    return Progress(
        users=users_by_model(tx),
        under_way=under_way,
        held_up=held_up,
        clearing=clearing,
        tokens=tokens,
        tokens_a_day=tokens_a_day,
    )
