"""The ledger's rows about certain things."""

from collections.abc import Sequence

from shared.credits import repository
from shared.credits.model import Entry
from shared.db.connection import Transaction
from shared.ids import UserId


def entries_for(tx: Transaction, user_id: UserId, refs: Sequence[str]) -> list[Entry]:
    """The user's rows whose ref is one of these, oldest first."""
    return repository.entries_for(tx, user_id, refs)
