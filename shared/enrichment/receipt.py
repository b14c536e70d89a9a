"""What a session cost: its providers in cents, its user in credits."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from shared.ids import JobId, SessionId
from shared.jobs.model import StepKind, StepState
from shared.values import frozen


@frozen
class ReceiptStep:
    """One call to a provider, and the step that made it. `cost_cents` is None when its price is not known."""

    kind: StepKind
    state: StepState
    provider: str
    model: str
    operation: str
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    audio_seconds: float
    cost_cents: Decimal | None
    at: datetime


@frozen
class CreditMove:
    """Credits that were taken for a job, or given back; a positive number either way."""

    job_id: JobId
    credits: int
    at: datetime


@frozen
class Receipt:
    """Everything a session cost, oldest first, whichever of its jobs it was for."""

    session_id: SessionId
    steps: Sequence[ReceiptStep]
    debits: Sequence[CreditMove]
    refunds: Sequence[CreditMove]

    @property
    def cost_cents(self) -> Decimal:
        """What the calls of known price cost together."""
        return sum((step.cost_cents for step in self.steps if step.cost_cents is not None), Decimal(0))

    @property
    def unpriced(self) -> int:
        """How many calls have no known price; their cost comes on top."""
        return sum(step.cost_cents is None for step in self.steps)

    @property
    def credits_charged(self) -> int:
        """What the user paid in the end."""
        return sum(move.credits for move in self.debits) - sum(move.credits for move in self.refunds)
