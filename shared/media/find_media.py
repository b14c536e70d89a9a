"""Looks one media file up."""

from shared.db.connection import Transaction
from shared.ids import MediaId, UserId
from shared.media import repository
from shared.media.model import MediaFile


def find_media(tx: Transaction, user_id: UserId, media_id: MediaId) -> MediaFile | None:
    """The user's file, or None."""
    return repository.find(tx, user_id, media_id)
