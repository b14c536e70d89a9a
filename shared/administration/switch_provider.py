"""The kill switch: an administrator has a provider left alone, or asked again, from the next message on."""

from shared.administration.model import ProviderState
from shared.ai.open_breakers import open_breakers
from shared.audit.model import Action, Deed
from shared.audit.record_deed import record_deed
from shared.db.connection import Database, Transaction
from shared.idempotency.keep import Keep, keep_nothing
from shared.identity.as_administrator import as_administrator
from shared.ids import UserId
from shared.switches.list_switches import list_switches
from shared.switches.turn_switch import turn_switch
from shared.values import frozen


@frozen
class Switching:
    """Which provider is to be switched off, or on, and why."""

    provider: str
    is_off: bool
    reason: str


def switch_provider(
    db: Database, actor_id: UserId, wanted: Switching, *, keep: Keep[ProviderState] = keep_nothing
) -> ProviderState:
    """How the provider then stands; on record, unless it stood so already. Raises Forbidden.

    `db` connects as the system role.
    """
    with as_administrator(db, actor_id) as tx:
        if turn_switch(tx, wanted.provider, is_off=wanted.is_off, reason=wanted.reason, changed_by=actor_id):
            record_deed(tx, _deed(actor_id, wanted))
        state = _state(tx, wanted.provider)
        keep(tx, state)
    return state


def _state(tx: Transaction, provider: str) -> ProviderState:
    switches = {switch.provider: switch for switch in list_switches(tx)}
    circuits = [breaker for breaker in open_breakers(tx) if breaker.provider == provider]
    return ProviderState(provider=provider, switch=switches.get(provider), circuits=circuits)


def _deed(actor_id: UserId, wanted: Switching) -> Deed:
    return Deed(
        actor_id=actor_id,
        action=Action.SWITCH_OFF if wanted.is_off else Action.SWITCH_ON,
        subject=f"provider {wanted.provider}",
        reason=wanted.reason,
    )
