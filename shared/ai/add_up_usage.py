"""What providers were used for over all users, for administrators."""

from collections.abc import Sequence

from shared.ai import usage_repository
from shared.ai.usage import DailyUsage, UsageFilter, UserUsage
from shared.db.connection import Transaction

MOST_USERS = 20


def add_up_usage(tx: Transaction, wanted: UsageFilter) -> tuple[Sequence[DailyUsage], Sequence[UserUsage]]:
    """By day and kind of call; and of the users whose calls cost most. Needs the system role."""
    return usage_repository.by_day(tx, wanted), usage_repository.by_user(tx, wanted, limit=MOST_USERS)
