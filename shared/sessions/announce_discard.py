"""Has objects removed from the bucket in the background, in the transaction after which no row names them."""

from collections.abc import Sequence
from datetime import timedelta

from shared.db.connection import Transaction
from shared.ids import UserId
from shared.outbox.announce_all import announce_all
from shared.outbox.model import Announcement

DISCARD_QUEUE = "discard-objects"

KEYS_PER_MESSAGE = 50
"""Ten such messages fit one call to the queue (256 KiB) and one minute of deleting, object by object."""


def announce_discard(
    tx: Transaction, user_id: UserId, object_keys: Sequence[str], *, due_in: timedelta = timedelta(0)
) -> list[Announcement]:
    """Write the messages, none without keys; whoever commits hands them to `publish_announced`.

    `due_in` as in `announce_all`.
    """
    pages = [object_keys[start : start + KEYS_PER_MESSAGE] for start in range(0, len(object_keys), KEYS_PER_MESSAGE)]
    messages = [(DISCARD_QUEUE, {"object_keys": list(page)}) for page in pages]
    return announce_all(tx, user_id, messages, due_in=due_in)
