"""SQL of what a search is confined to: which chunks it may find."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any, LiteralString

from shared.db.connection import Transaction
from shared.ids import ChunkId, UserId
from shared.search.asked import Filters
from shared.search.model import Space
from shared.values import frozen

FEW = 1_000
"""Up to so many chunks are named one by one, and compared exactly."""


@frozen
class Scope:
    """Which of the user's chunks a search may find: all, or these few, or those that a condition lets pass.

    `condition` confines the column `chunk_id` of a statement that is given `parameters`; empty for all.
    """

    condition: LiteralString
    ids: Sequence[ChunkId] | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def is_nothing(self) -> bool:
        """Whether no chunk is in it."""
        return self.ids is not None and not self.ids


EVERYTHING = Scope(condition="")

# Captured in the period, or speaking of it. Few chunks speak of a time: an index has those alone.
_IN_PERIOD = """
        AND c.id IN (
          SELECT in_time.id
          FROM session_blocks captured
          JOIN chunks in_time ON in_time.user_id = captured.user_id AND in_time.block_id = captured.id
          WHERE captured.user_id = %(user_id)s
            AND in_time.user_id = %(user_id)s
            AND in_time.model_id = %(model_id)s
            AND captured.captured_at >= %(period_start)s
            AND captured.captured_at < %(period_end)s
          UNION ALL
          SELECT speaking.id
          FROM chunks speaking
          WHERE speaking.user_id = %(user_id)s
            AND speaking.model_id = %(model_id)s
            AND speaking.events <> '{}'
            AND speaking.events && tstzrange(%(period_start)s, %(period_end)s)
        )"""

_CONDITIONS: Mapping[str, LiteralString] = {
    "captured_from": " AND b.captured_at >= %(captured_from)s",
    "captured_to": " AND b.captured_at < %(captured_to)s",
    "session_id": " AND c.session_id = %(session_id)s",
    "session_type": " AND s.session_type = %(session_type)s",
    "block_type": " AND b.block_type = %(block_type)s",
    "period": _IN_PERIOD,
}


def plan_once(tx: Transaction) -> None:
    """Have what is prepared in the transaction planned once for all it may be given: the best plan is the same."""
    tx.execute("SET LOCAL plan_cache_mode = force_generic_plan")


def plan_each_time(tx: Transaction) -> None:
    """Have what follows in the transaction planned for what it is given: how much a scope holds decides what is best.

    By the plan for all, which Postgres comes to where statements are prepared, a wide one took 180 to 610 ms, not 7.
    """
    tx.execute("SET LOCAL plan_cache_mode = force_custom_plan")


def find_scope(tx: Transaction, user_id: UserId, space: Space, filters: Filters) -> Scope:
    """What these filters let a search of the space find."""
    if filters.is_empty:
        return EVERYTHING
    plan_each_time(tx)
    parameters = {**_parameters(filters), "user_id": user_id, "model_id": space.model_id}
    allowed = _allowed(filters)
    rows = tx.execute(allowed + " LIMIT %(few)s + 1", {**parameters, "few": FEW}).fetchall()
    if len(rows) > FEW:
        return Scope(condition=" AND chunk_id IN (" + allowed + ")", parameters=parameters)
    ids = [row[0] for row in rows]
    return Scope(ids=ids, condition=" AND chunk_id = ANY(%(ids)s::uuid[])", parameters={"ids": ids})


def _parameters(filters: Filters) -> dict[str, Any]:
    period = filters.period
    return {
        "captured_from": filters.captured_from,
        "captured_to": filters.captured_to,
        "session_id": filters.session_id,
        "session_type": filters.session_type,
        "block_type": filters.block_type,
        "period_start": None if period is None else period.start,
        "period_end": None if period is None else period.end,
    }


def _allowed(filters: Filters) -> LiteralString:
    wanted: list[LiteralString] = [
        condition for name, condition in _CONDITIONS.items() if getattr(filters, name) is not None
    ]
    statement: LiteralString = """
        SELECT c.id
        FROM chunks c
        JOIN session_blocks b ON b.user_id = c.user_id AND b.id = c.block_id
        JOIN sessions s ON s.user_id = c.user_id AND s.id = c.session_id
        WHERE c.user_id = %(user_id)s
          AND b.user_id = %(user_id)s
          AND s.user_id = %(user_id)s
          AND c.model_id = %(model_id)s"""
    return statement + "".join(wanted)
