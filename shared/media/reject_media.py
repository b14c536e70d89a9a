"""Marks a media file as unusable."""

from shared.db.connection import Transaction
from shared.ids import MediaId, UserId
from shared.media import repository


def reject_media(tx: Transaction, user_id: UserId, media_id: MediaId, reason: str) -> None:
    """`reason` is a stable code the app can show; the bytes stay as long as the session does."""
    repository.reject(tx, user_id, media_id, reason)
