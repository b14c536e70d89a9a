"""Lists the media files of a session."""

from shared.db.connection import Transaction
from shared.ids import SessionId, UserId
from shared.media import repository
from shared.media.model import MediaFile


def media_of_session(tx: Transaction, user_id: UserId, session_id: SessionId) -> list[MediaFile]:
    """In the order they were declared."""
    return repository.of_session(tx, user_id, session_id)
