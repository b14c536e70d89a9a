"""Whether something waits in the outbox."""

from shared.db.connection import Transaction
from shared.outbox import repository


def any_unsent(tx: Transaction) -> bool:
    """Whether any user's message was written and not sent; asked as the system role."""
    return repository.any_unsent(tx)
