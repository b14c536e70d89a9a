"""Changes a session's title or language."""

from shared.db.connection import Database
from shared.errors import NotFound
from shared.ids import SessionId, UserId
from shared.sessions import repository
from shared.sessions.model import Session


def edit_session(
    db: Database, user_id: UserId, session_id: SessionId, *, title: str | None, language: str | None
) -> Session:
    """The session as it then is; what is None stays. Raises NotFound."""
    with db.transaction(user_id) as tx:
        session = repository.edit(tx, user_id, session_id, title=title, language=language)
    if session is None:
        raise NotFound
    return session
