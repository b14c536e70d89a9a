"""How many deletions somebody waits for."""

from shared.db.backlog import Backlog
from shared.db.connection import Transaction
from shared.leaving import repository


def count_deletions(tx: Transaction) -> Backlog:
    """Unfinished ones, and how old the oldest is. Needs the system role."""
    return repository.unfinished(tx)
