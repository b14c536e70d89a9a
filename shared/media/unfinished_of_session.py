"""Lists the uploads in parts that a session's files have under way."""

from shared.db.connection import Transaction
from shared.ids import SessionId, UserId
from shared.media import upload_repository


def unfinished_of_session(tx: Transaction, user_id: UserId, session_id: SessionId) -> list[tuple[str, str]]:
    """(object_key, upload_id) of each."""
    return upload_repository.unfinished_of_session(tx, user_id, session_id)
