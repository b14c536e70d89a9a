"""What was used of providers, as it was kept."""

from datetime import datetime
from decimal import Decimal

from shared.ids import StepId
from shared.values import frozen


@frozen
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


@frozen
class OpenBreaker:
    """A provider that is not asked for a capability before `opened_until`, after so many failures in a row."""

    provider: str
    capability: str
    failures: int
    opened_until: datetime
