"""Changes a session's title or language."""

from shared.db.connection import Database
from shared.errors import NotFound
from shared.ids import SessionId, UserId
from shared.sessions import repository
from shared.sessions.lock_session import lock_session
from shared.sessions.model import Session
from shared.sessions.refuse_stale import refuse_stale


def edit_session(
    db: Database,
    user_id: UserId,
    session_id: SessionId,
    *,
    title: str | None,
    language: str | None,
    base_version: int | None = None,
) -> Session:
    """The session as it then is; what is None stays.

    Raises NotFound, and VersionConflict when the session is not at `base_version` any more. A repeat of what is
    stored already is none: the answer to the first try may have been lost.
    """
    with db.transaction(user_id) as tx:
        current = lock_session(tx, user_id, session_id)
        if (title or current.title, language or current.language) != (current.title, current.language):
            refuse_stale(current, base_version)
        session = repository.edit(tx, user_id, session_id, title=title, language=language)
    if session is None:
        raise NotFound
    return session
