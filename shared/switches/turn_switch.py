"""Switches a provider off, or on again."""

from shared.db.connection import Transaction
from shared.ids import UserId
from shared.switches import repository


def turn_switch(tx: Transaction, provider: str, *, is_off: bool, reason: str, changed_by: UserId) -> bool:
    """False when it stood so already. `tx` belongs to the system role; whoever commits has recorded the deed in it."""
    return repository.put(tx, provider, is_off=is_off, reason=reason, changed_by=changed_by)
