"""SQL of the switches: one row for each provider that was ever switched. They belong to no user."""

from collections.abc import Sequence

from psycopg.rows import class_row

from shared.db.connection import Transaction
from shared.ids import UserId
from shared.switches.model import Switch


def is_off(tx: Transaction, provider: str) -> bool:
    """Whether the provider is switched off."""
    row = tx.execute("SELECT is_switched_off(%(provider)s)", {"provider": provider}).fetchone()
    return row is not None and row[0]


def put(tx: Transaction, provider: str, *, is_off: bool, reason: str, changed_by: UserId) -> bool:
    """Turn the switch; False when it stood so already, which leaves its reason as it was. Needs the system role."""
    turned = tx.execute(
        """
        INSERT INTO provider_switches (provider, is_off, reason, changed_by)
        SELECT %(provider)s, %(is_off)s, %(reason)s, %(changed_by)s
        WHERE %(is_off)s OR EXISTS (SELECT FROM provider_switches WHERE provider = %(provider)s)
        ON CONFLICT (provider)
        DO UPDATE SET is_off = excluded.is_off,
                      reason = excluded.reason,
                      changed_by = excluded.changed_by,
                      changed_at = now()
        WHERE provider_switches.is_off <> excluded.is_off
        """,
        {"provider": provider, "is_off": is_off, "reason": reason, "changed_by": changed_by},
    )
    return turned.rowcount == 1


def every_switch(tx: Transaction) -> Sequence[Switch]:
    """All of them, by provider."""
    with tx.cursor(row_factory=class_row(Switch)) as cursor:
        return cursor.execute(
            """
            SELECT provider, is_off, reason, changed_by, changed_at
            FROM provider_switches
            ORDER BY provider
            """
        ).fetchall()
