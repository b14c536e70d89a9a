"""The wire shapes of providers and their switches."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from functions.api.admin.schemas import Why
from functions.api.admin.status_schemas import BreakerOut
from shared.administration.model import ProviderState
from shared.edge.endpoint import Body
from shared.edge.shape import shape
from shared.values import frozen


class SwitchProvider(Body):
    """POST /api/admin/providers/switch."""

    provider: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    on: bool
    reason: Why


@frozen
class ProviderOut:
    """A provider. `circuits` are those open now; why it was switched is null until it first was."""

    provider: str
    on: bool
    reason: str | None
    changed_by: UUID | None
    changed_at: datetime | None
    circuits: list[BreakerOut]

    @classmethod
    def of(cls, state: ProviderState) -> "ProviderOut":
        """The wire shape of a provider."""
        switch = state.switch
        return cls(
            provider=state.provider,
            on=not state.is_off,
            reason=switch.reason if switch else None,
            changed_by=switch.changed_by if switch else None,
            changed_at=switch.changed_at if switch else None,
            circuits=[shape(BreakerOut, circuit) for circuit in state.circuits],
        )


@frozen
class ProvidersOut:
    """Every provider the settings name, and whoever else was switched or has failed."""

    providers: list[ProviderOut]
