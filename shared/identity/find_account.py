"""One user, for administrators."""

from shared.db.connection import Transaction
from shared.errors import NotFound
from shared.identity import account_repository
from shared.identity.account_facts import Account
from shared.ids import UserId


def find_account(tx: Transaction, user_id: UserId) -> Account:
    """Raises NotFound. Needs the system role."""
    account = account_repository.account(tx, user_id)
    if account is None:
        raise NotFound
    return account
