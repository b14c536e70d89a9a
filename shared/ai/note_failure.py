"""Remembers that a provider failed, for all functions."""

from shared.ai import circuit_repository
from shared.ai.circuit import Circuit, after_failure
from shared.db.connection import Database
from shared.errors import VendorDown


def note_failure(
    db: Database, provider: str, capability: str, failure: VendorDown, *, was_probe: bool
) -> tuple[Circuit, bool]:
    """The circuit after it, and whether this failure opened it."""
    with db.transaction(None, may_be_lost=True) as tx:
        before = circuit_repository.lock_circuit(tx, provider, capability)
        after = after_failure(before, failure, was_probe=was_probe)
        circuit_repository.save_circuit(tx, after)
    return after, before.is_closed and not after.is_closed
