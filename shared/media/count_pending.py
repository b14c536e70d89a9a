"""Which uploads are still to come."""

from shared.db.backlog import Backlog
from shared.db.connection import Transaction
from shared.media import repository


def count_pending(tx: Transaction) -> Backlog:
    """Declared files of any user whose object has not arrived. Needs the system role."""
    return repository.pending(tx)
