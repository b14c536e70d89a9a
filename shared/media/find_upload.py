"""Looks up how a file is to arrive."""

from shared.db.connection import Transaction
from shared.ids import MediaId, UserId
from shared.media import upload_repository
from shared.media.model import PendingUpload


def find_upload(tx: Transaction, user_id: UserId, media_id: MediaId) -> PendingUpload | None:
    """The user's file, whatever its state, with its upload in parts, if any; or None."""
    return upload_repository.find(tx, user_id, media_id)
