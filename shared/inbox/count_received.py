"""How far applying events is behind."""

from shared.db.backlog import Backlog
from shared.db.connection import Transaction
from shared.inbox import repository


def count_received(tx: Transaction) -> Backlog:
    """Events that nobody has settled yet."""
    return repository.received(tx)
