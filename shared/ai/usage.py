"""What providers were used for, added up, as an administrator sees it."""

from datetime import date, datetime
from decimal import Decimal

from shared.ids import UserId
from shared.values import frozen


@frozen
class UsageFilter:
    """Whose usage: of everybody, or of one user; from `since` on and before `until`."""

    since: datetime
    until: datetime
    user_id: UserId | None = None


@frozen
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


@frozen
class UserUsage:
    """All calls for one user."""

    user_id: UserId
    calls: int
    tokens: int
    audio_ms: int
    cost_cents: Decimal
