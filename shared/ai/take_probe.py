"""Lets one asker try a provider that was left alone for a while."""

from datetime import timedelta

from shared.ai import circuit_repository
from shared.ai.circuit import Circuit, with_probe_out
from shared.db.connection import Database


def take_probe(db: Database, provider: str, capability: str, *, lasts: timedelta) -> tuple[bool, Circuit]:
    """Whether the caller is the one, and the circuit as it stands then.

    The others find the circuit open for as long as a probe `lasts` at most, so that one whose process died is not
    waited for. Several at once wait for the row's lock, and only the first still finds the circuit half-open.
    """
    with db.transaction(None) as tx:
        circuit = circuit_repository.lock_circuit(tx, provider, capability)
        if not circuit.is_half_open:
            return False, circuit
        taken = with_probe_out(circuit, lasts)
        circuit_repository.save_circuit(tx, taken)
    return True, taken
