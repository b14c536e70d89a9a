"""Lists the media files of a session."""

from shared.db.connection import Transaction
from shared.db.selection import Selection
from shared.ids import SessionId, UserId
from shared.media import repository
from shared.media.model import MediaFile


def media_of_session(tx: Transaction, user_id: UserId, session_id: SessionId) -> list[MediaFile]:
    """In the order they were declared."""
    return all_media_of_session(user_id, session_id).all_of(tx)


def all_media_of_session(user_id: UserId, session_id: SessionId) -> Selection[MediaFile]:
    """The same, to be asked together with what other rooms know of the session."""
    return repository.of_session(user_id, session_id)
