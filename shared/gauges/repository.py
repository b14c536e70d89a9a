"""SQL of the groups of gauges: one row for each group that was ever above 0. They belong to no user."""

from datetime import timedelta

from shared.db.connection import Transaction


def note_above_zero(tx: Transaction, group: str) -> None:
    """Remember that one of the group is above 0 now. System role."""
    tx.execute(
        """
        INSERT INTO gauge_groups (name, above_zero_at)
        VALUES (%(name)s, now())
        ON CONFLICT (name) DO UPDATE SET above_zero_at = excluded.above_zero_at
        """,
        {"name": group},
    )


def was_above_zero(tx: Transaction, group: str, *, within: timedelta) -> bool:
    """Whether one of the group was above 0 so shortly ago. System role."""
    row = tx.execute(
        "SELECT EXISTS (SELECT FROM gauge_groups WHERE name = %(name)s AND above_zero_at > now() - %(within)s)",
        {"name": group, "within": within},
    ).fetchone()
    return row is not None and row[0]
