"""Names objects before they are written, so that whoever dies, or is deleted, meanwhile leaves none behind."""

from collections.abc import Sequence
from datetime import timedelta

from shared.db.connection import Transaction
from shared.ids import UserId
from shared.outbox.model import Announcement
from shared.sessions.announce_discard import announce_discard

FORESEEN_FOR = timedelta(hours=1)
"""Four times as long as a worker may live (900 s): what it wrote lies there by then, or will never."""


def foresee_discard(tx: Transaction, user_id: UserId, object_keys: Sequence[str]) -> list[Announcement]:
    """Have what will lie under these fresh keys discarded in an hour: commit it before the first is written.

    The same keys never twice, not even when nobody knows whether it was committed: only one would be taken back.
    Whoever writes rows that name the objects takes it back in that transaction (`take_back`), and writes none when it
    is too late. An account that is deleted meanwhile knows the keys from here (docs/adr/0033).
    """
    return announce_discard(tx, user_id, object_keys, due_in=FORESEEN_FOR)
