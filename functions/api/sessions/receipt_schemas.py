"""The wire shapes of a session's receipt."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from shared.edge.shape import shape
from shared.enrichment.receipt import CreditMove, Receipt, ReceiptStep
from shared.values import frozen

_DECIMALS = 6


def _cents(amount: Decimal) -> float:
    """A JSON number. What is kept has six decimals and at most 14 digits, which a float gives back as they are."""
    return round(float(amount), _DECIMALS)


@frozen
class ReceiptStepOut:
    """One call to a provider. `cost_cents` is null when its price is not known."""

    kind: str
    state: str
    provider: str
    model: str
    operation: str
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    audio_seconds: float
    cost_cents: float | None
    at: datetime

    @classmethod
    def of(cls, step: ReceiptStep) -> "ReceiptStepOut":
        """The wire shape of one call."""
        return shape(cls, step, cost_cents=None if step.cost_cents is None else _cents(step.cost_cents))


@frozen
class CreditMoveOut:
    """Credits taken for a job, or given back."""

    job_id: UUID
    credits: int
    at: datetime

    @classmethod
    def of(cls, move: CreditMove) -> "CreditMoveOut":
        """The wire shape of one debit or refund."""
        return shape(cls, move)


@frozen
class ReceiptOut:
    """GET /api/sessions/{session_id}/receipt. `unpriced` calls cost something on top of `cost_cents`."""

    session_id: UUID
    steps: list[ReceiptStepOut]
    cost_cents: float
    unpriced: int
    debits: list[CreditMoveOut]
    refunds: list[CreditMoveOut]
    credits_charged: int

    @classmethod
    def of(cls, receipt: Receipt) -> "ReceiptOut":
        """The wire shape of a receipt."""
        return shape(
            cls,
            receipt,
            steps=[ReceiptStepOut.of(step) for step in receipt.steps],
            cost_cents=_cents(receipt.cost_cents),
            debits=[CreditMoveOut.of(move) for move in receipt.debits],
            refunds=[CreditMoveOut.of(move) for move in receipt.refunds],
        )
