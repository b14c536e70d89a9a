"""Which providers nobody is asking just now."""

from collections.abc import Sequence

from shared.ai import repository
from shared.ai.model import OpenBreaker
from shared.db.connection import Transaction


def open_breakers(tx: Transaction) -> Sequence[OpenBreaker]:
    """Circuit breakers that are open, by provider and capability."""
    return repository.open_breakers(tx)
