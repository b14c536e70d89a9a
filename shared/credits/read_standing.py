"""Where a user stands."""

from shared.credits import repository
from shared.credits.model import Standing
from shared.db.connection import Transaction
from shared.errors import NotFound
from shared.ids import UserId


def read_standing(tx: Transaction, user_id: UserId) -> Standing:
    """Their credits and their debt. Raises NotFound."""
    standing = repository.find_standing(tx, user_id)
    if standing is None:
        raise NotFound
    return standing
