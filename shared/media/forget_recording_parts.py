"""Forgets how a long recording was cut."""

from shared.db.connection import Transaction
from shared.ids import MediaId, UserId
from shared.media import recording_part_repository


def forget_recording_parts(tx: Transaction, user_id: UserId, media_id: MediaId) -> list[str]:
    """So that it is cut anew. The keys of the parts' objects, some of which may be there still: to be discarded."""
    return recording_part_repository.delete_of_media(tx, user_id, media_id)
