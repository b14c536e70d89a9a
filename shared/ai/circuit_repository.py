"""SQL of the circuits: one row for each provider and capability that ever failed. They belong to no user."""

from psycopg.rows import class_row

from shared.ai.circuit import Circuit
from shared.db.connection import Transaction


def find_circuit(tx: Transaction, provider: str, capability: str) -> Circuit | None:
    """The circuit as it stands, switch included; None when the provider never failed and is not switched off.

    Both are read by their keys in the one round trip that each call to a provider pays.
    """
    with tx.cursor(row_factory=class_row(Circuit)) as cursor:
        return cursor.execute(
            """
            SELECT asked.provider, asked.capability, coalesce(c.failures, 0) AS failures, c.opened_at, c.opened_until,
                   asked.is_switched_off, clock_timestamp() AS at
            FROM (
              SELECT %(provider)s::text AS provider,
                     %(capability)s::text AS capability,
                     is_switched_off(%(provider)s::text) AS is_switched_off
            ) asked
            LEFT JOIN circuit_breakers c ON c.provider = asked.provider AND c.capability = asked.capability
            WHERE c.provider IS NOT NULL OR asked.is_switched_off
            """,
            {"provider": provider, "capability": capability},
        ).fetchone()


def lock_circuit(tx: Transaction, provider: str, capability: str) -> Circuit:
    """The circuit, made when there is none, and nobody else's until the transaction ends."""
    names = {"provider": provider, "capability": capability}
    tx.execute(
        """
        INSERT INTO circuit_breakers (provider, capability)
        VALUES (%(provider)s, %(capability)s)
        ON CONFLICT (provider, capability) DO NOTHING
        """,
        names,
    )
    with tx.cursor(row_factory=class_row(Circuit)) as cursor:
        circuit = cursor.execute(
            """
            SELECT provider, capability, failures, opened_at, opened_until, clock_timestamp() AS at
            FROM circuit_breakers
            WHERE provider = %(provider)s AND capability = %(capability)s
            FOR UPDATE
            """,
            names,
        ).fetchone()
    if circuit is None:
        raise RuntimeError("a circuit that is locked cannot be gone: nobody may delete one")
    return circuit


def save_circuit(tx: Transaction, circuit: Circuit) -> None:
    """Write what is known now."""
    tx.execute(
        """
        UPDATE circuit_breakers
        SET failures = %(failures)s,
            opened_at = %(opened_at)s,
            opened_until = %(opened_until)s,
            updated_at = clock_timestamp()
        WHERE provider = %(provider)s AND capability = %(capability)s
        """,
        {
            "provider": circuit.provider,
            "capability": circuit.capability,
            "failures": circuit.failures,
            "opened_at": circuit.opened_at,
            "opened_until": circuit.opened_until,
        },
    )
