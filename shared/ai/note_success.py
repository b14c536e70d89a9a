"""Remembers that a provider answered, where that changes anything."""

from shared.ai import circuit_repository
from shared.ai.circuit import after_success
from shared.db.connection import Database


def note_success(db: Database, provider: str, capability: str) -> bool:
    """Close the circuit and forget the failures; True when it was open. Nothing is written when there are none.

    The row is read after the call: of sixteen calls at once five may fail, and the others must outweigh them.
    """
    known = db.ask(lambda tx: circuit_repository.find_circuit(tx, provider, capability))
    if known is None or known.is_spotless:
        return False
    with db.transaction(None, may_be_lost=True) as tx:
        circuit = circuit_repository.lock_circuit(tx, provider, capability)
        circuit_repository.save_circuit(tx, after_success(circuit))
    return not circuit.is_closed
