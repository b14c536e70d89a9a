"""Looks for balances that are not the sum of their ledger."""

from shared.credits import repository
from shared.db.connection import Database
from shared.ids import UserId


def find_differences(db: Database) -> list[UserId]:
    """Users whose credits or debt differ from their ledger's sums. `db` connects as the system role."""
    with db.transaction(None) as tx:
        return repository.users_off_balance(tx)
