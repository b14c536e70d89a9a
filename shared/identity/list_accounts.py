"""Users, for administrators."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.db.connection import Transaction
from shared.identity import account_repository
from shared.identity.account_facts import Account, AccountFilter


def list_accounts(
    tx: Transaction, wanted: AccountFilter, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Account]:
    """A page, newest first. Needs the system role."""
    return account_repository.accounts(tx, wanted, before=before, limit=limit)
