"""How many sessions a user has."""

from collections.abc import Mapping

from shared.db.connection import Transaction
from shared.ids import UserId
from shared.sessions import facts_repository


def count_sessions(tx: Transaction, user_id: UserId) -> Mapping[str, int]:
    """By status. Needs the system role."""
    return facts_repository.count_by_status(tx, user_id)
