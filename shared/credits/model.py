"""Credits as a named integer, and the ledger's rows."""

from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from shared.values import frozen

Credits = NewType("Credits", int)

TRIAL = Credits(3)
"""What every new user starts with."""

SESSION_PRICE = Credits(1)
"""What processing one session costs."""

LOW_MARK = Credits(1)
"""Who has no more than this is running low."""


class Reason(StrEnum):
    """Why a balance changed; with the `ref` it names the one thing that changed it."""

    TRIAL = "trial"
    SESSION = "session"
    REFUND = "refund"
    PURCHASE = "purchase"
    PURCHASE_REFUNDED = "purchase_refunded"
    PURCHASE_REFUND_FAILED = "purchase_refund_failed"
    PURCHASE_DISPUTED = "purchase_disputed"
    PURCHASE_DISPUTE_WON = "purchase_dispute_won"
    ADJUSTMENT = "adjustment"


def falls_low(*, taken: Credits, left: Credits) -> bool:
    """Whether this debit brought the balance down to the low mark: told once, on the way past it."""
    return left <= LOW_MARK < left + taken


@frozen
class Standing:
    """Credits or a debt; one of them is always 0."""

    credits: int
    debt: int


@frozen
class Entry:
    """One row of the append-only ledger. `ref` names what it was for: a user, a job, a payment, a refund.

    The row moved the balance by `delta` and the debt by `debt_delta`; for the user it was worth `amount`.
    """

    id: UUID
    delta: int
    debt_delta: int
    balance_after: int
    debt_after: int
    reason: str
    ref: str
    created_at: datetime

    @property
    def amount(self) -> int:
        """What came in (positive) or was taken (negative), whether it moved the balance or the debt."""
        return self.delta - self.debt_delta
