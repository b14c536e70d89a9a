"""How a user's words are read."""

from shared.db.connection import Transaction
from shared.errors import NotFound
from shared.identity import repository
from shared.identity.model import Locale
from shared.ids import UserId


def locale_of(tx: Transaction, user_id: UserId) -> Locale:
    """The user's language and time zone. Raises NotFound when the account was deleted a moment ago."""
    locale = repository.find_locale(tx, user_id)
    if locale is None:
        raise NotFound
    return locale
