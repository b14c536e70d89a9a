"""Who may administer."""

from collections.abc import Sequence

from shared.db.connection import Transaction
from shared.identity import repository
from shared.identity.account_facts import Administrator


def list_administrators(tx: Transaction) -> Sequence[Administrator]:
    """All of them, in the order they were appointed. Needs the system role, or the owner."""
    return repository.administrators(tx)
