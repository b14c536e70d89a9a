"""Values of administration."""

from collections.abc import Sequence

from shared.ai.model import OpenBreaker
from shared.switches.model import Switch
from shared.values import frozen


@frozen
class ProviderState:
    """A provider: its switch, if it was ever turned, and what it is not asked for just now, because it failed."""

    provider: str
    switch: Switch | None
    circuits: Sequence[OpenBreaker]

    @property
    def is_off(self) -> bool:
        """Switched off, whatever its circuits say."""
        return self.switch is not None and self.switch.is_off
