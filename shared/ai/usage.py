"""What providers were used for, added up, as an administrator sees it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from shared.ids import UserId


@dataclass(frozen=True, kw_only=True)
class UsageFilter:
    """Whose usage: of everybody, or of one user; from `since` on and before `until`."""

    since: datetime
    until: datetime
    user_id: UserId | None = None


@dataclass(frozen=True, kw_only=True)
class DailyUsage:
    """All calls of one kind on one day (UTC). `unpriced` calls cost something on top of `cost_cents`."""

    day: date
    provider: str
    model: str
    operation: str
    calls: int
    tokens: int
    audio_ms: int
    cost_cents: Decimal
    unpriced: int


@dataclass(frozen=True, kw_only=True)
class UserUsage:
    """All calls for one user."""

    user_id: UserId
    calls: int
    tokens: int
    audio_ms: int
    cost_cents: Decimal
