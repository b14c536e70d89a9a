"""Forgets how a long recording was cut."""

from shared.db.connection import Transaction
from shared.ids import MediaId, UserId
from shared.media import recording_part_repository


def forget_recording_parts(tx: Transaction, user_id: UserId, media_id: MediaId) -> None:
    """So that it is cut anew; objects of the parts that are still there are removed as orphans."""
    recording_part_repository.delete_of_media(tx, user_id, media_id)
