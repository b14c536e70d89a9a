"""How far publishing is behind."""

from shared.db.backlog import Backlog
from shared.db.connection import Transaction
from shared.outbox import repository


def count_unsent(tx: Transaction) -> Backlog:
    """Announcements of any user that no queue has taken yet. Needs the system role."""
    return repository.unsent(tx)
