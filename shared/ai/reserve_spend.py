"""Sets money aside for a call before a provider is asked."""

from uuid import UUID

from shared.ai import spend_repository
from shared.db.connection import Transaction
from shared.ids import UserId

MOST_CENTS = 25
"""No step of ours costs more by the tariff's dearest rates.

20 minutes of speech in one piece are 12 cents, and 24 when a second choice hears what the first could not; the 48,000
characters of a summary are under 5. A cap below this lets nothing be asked at all. A model the tariff does not know has
no price, and is not counted (`calls_unpriced`).
"""


def reserve_spend(tx: Transaction, user_id: UserId, ref: UUID) -> int:
    """0 when the call named `ref` may be made; else after how many seconds to ask again.

    That is the rest of the day (UTC) whose money is spent, or a minute while it is only set aside for other calls.

    What is spent and set aside never exceeds `users.daily_spend_cents`, however many calls are begun at once. The same
    `ref` again replaces its reservation; one that nobody releases counts for 15 minutes, which no function outlives.
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
    """
    return spend_repository.reserve(tx, user_id, ref, cents=MOST_CENTS)
