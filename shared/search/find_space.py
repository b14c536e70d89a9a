"""Finds what searches of a user look at."""

from shared.db.connection import Transaction
from shared.ids import UserId
from shared.search import space_repository
from shared.search.model import Space


def find_space(tx: Transaction, user_id: UserId) -> Space | None:
    """The user's space; None while nothing of theirs was ever embedded: there is nothing to find."""
    return space_repository.find_space(tx, user_id)
