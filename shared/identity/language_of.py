"""The language a user reads."""

from shared.db.connection import Transaction
from shared.errors import NotFound
from shared.identity import repository
from shared.ids import UserId


def language_of(tx: Transaction, user_id: UserId) -> str:
    """A BCP 47 tag. Raises NotFound when the account was deleted a moment ago."""
    reader = repository.find_reader(tx, user_id)
    if reader is None:
        raise NotFound
    return reader[0]
