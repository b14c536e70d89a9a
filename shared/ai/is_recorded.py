"""Tells whether what a call used is kept already: the truth to read when the answer to a COMMIT was lost."""

from shared.ai import repository
from shared.ai.capabilities import Usage
from shared.db.connection import Transaction
from shared.ids import UserId


def is_recorded(tx: Transaction, user_id: UserId, usage: Usage) -> bool:
    """Whether a call to this provider for this user is kept that was over at the same microsecond."""
    return repository.has_usage(tx, user_id, provider=usage.provider, at=usage.at)
