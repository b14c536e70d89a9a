"""Looks many media files up at once."""

from collections.abc import Sequence

from shared.db.connection import Transaction
from shared.ids import MediaId, UserId
from shared.media import repository
from shared.media.model import MediaFile


def media_by_ids(tx: Transaction, user_id: UserId, media_ids: Sequence[MediaId]) -> dict[MediaId, MediaFile]:
    """Those the user has; the others are left out."""
    return {media.id: media for media in repository.find_all(tx, user_id, media_ids)} if media_ids else {}
