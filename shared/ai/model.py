"""What was used of providers, as it was kept."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shared.ids import StepId


@dataclass(frozen=True, kw_only=True)
class UsedCall:
    """One call to a provider. `cost_cents` is None when the tariff knew no price of that model at that moment."""

    step_id: StepId | None
    provider: str
    model: str
    operation: str
    tokens: int
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    audio_ms: int
    cost_cents: Decimal | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OpenBreaker:
    """A provider that is not asked for a capability before `opened_until`, after so many failures in a row."""

    provider: str
    capability: str
    failures: int
    opened_until: datetime
