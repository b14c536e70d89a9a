"""Every provider with its switch and its circuits."""

from collections.abc import Sequence

from shared.administration.model import ProviderState
from shared.ai.open_breakers import open_breakers
from shared.db.connection import Database
from shared.identity.as_administrator import as_administrator
from shared.ids import UserId
from shared.switches.list_switches import list_switches


def list_providers(db: Database, actor_id: UserId, known: Sequence[str]) -> list[ProviderState]:
    """Those that are known by the settings, and whoever else was switched or failed. Raises Forbidden.

    `db` connects as the system role.
    """
    with as_administrator(db, actor_id) as tx:
        switches = {switch.provider: switch for switch in list_switches(tx)}
        breakers = open_breakers(tx)
    names = {*known, *switches, *(breaker.provider for breaker in breakers)}
    return [
        ProviderState(
            provider=name,
            switch=switches.get(name),
            circuits=[breaker for breaker in breakers if breaker.provider == name],
        )
        for name in sorted(names)
    ]
