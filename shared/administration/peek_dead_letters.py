"""Looks at dead letters, and leaves them where they are."""

from collections.abc import Sequence

from shared.db.connection import Database
from shared.identity.as_administrator import as_administrator
from shared.ids import UserId
from shared.outbox.dead_letters import DEAD_LETTERS, DeadLetters, Received

HIDDEN_SECONDS = 10
"""How long a death in the middle keeps them from others."""


def peek_dead_letters(
    db: Database, actor_id: UserId, letters: DeadLetters, queue: str, *, limit: int
) -> Sequence[Received]:
    """Up to `limit` of that queue's dead letters; whoever buries them sees them again at once.

    Raises Forbidden and VendorDown. `db` connects as the system role.
    """
    with as_administrator(db, actor_id):
        pass  # nothing is read of the database, and no transaction is open while the queue service is asked
    found = letters.receive(queue + DEAD_LETTERS, at_most=limit, hidden_seconds=HIDDEN_SECONDS)
    letters.release(queue + DEAD_LETTERS, found)
    return found
