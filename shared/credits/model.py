"""Credits as a named integer, and the ledger's rows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

Credits = NewType("Credits", int)

TRIAL = Credits(3)
"""What every new user starts with."""

SESSION_PRICE = Credits(1)
"""What processing one session costs."""


class Reason(StrEnum):
    """Why a balance changed."""

    TRIAL = "trial"
    SESSION = "session"
    REFUND = "refund"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row of the append-only ledger. `ref` names what it was for: a user, a job."""

    id: UUID
    delta: int
    balance_after: int
    reason: str
    ref: str
    created_at: datetime
