"""Whether a provider is to be left alone."""

from shared.db.connection import Transaction
from shared.switches import repository


def is_switched_off(tx: Transaction, provider: str) -> bool:
    """True while an administrator has it switched off; read anew each time, so it holds from the next message on."""
    return repository.is_off(tx, provider)
