"""Gives a file that its reading rejected another chance."""

from shared.db.connection import Transaction
from shared.ids import MediaId, UserId
from shared.media import repository
from shared.media.model import SETTLED_REASONS


def reconsider_media(tx: Transaction, user_id: UserId, media_id: MediaId) -> None:
    """rejected -> uploaded, if its bytes had been taken; one rejected for what was uploaded, or deleted, stays so."""
    repository.reconsider(tx, user_id, media_id, not_if=SETTLED_REASONS)
