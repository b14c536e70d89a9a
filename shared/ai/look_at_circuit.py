"""Tells how a provider has been doing."""

from shared.ai import circuit_repository
from shared.ai.circuit import Circuit
from shared.db.connection import Database


def look_at_circuit(db: Database, provider: str, capability: str) -> Circuit | None:
    """The circuit as it stands, read by its key; None when the provider never failed and is not switched off."""
    return db.ask(lambda tx: circuit_repository.find_circuit(tx, provider, capability))
