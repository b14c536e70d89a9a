"""How every provider was left that was ever switched."""

from collections.abc import Sequence

from shared.db.connection import Transaction
from shared.switches import repository
from shared.switches.model import Switch


def list_switches(tx: Transaction) -> Sequence[Switch]:
    """By provider; one that is not among them is on."""
    return repository.every_switch(tx)
