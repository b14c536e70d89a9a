"""Opens a session."""

from shared.db.connection import Database
from shared.errors import NotFound
from shared.idempotency.keep import Keep, keep_nothing
from shared.ids import SessionId, UserId, new_id
from shared.sessions import repository
from shared.sessions.model import Session, SessionType


def create_session(
    db: Database,
    user_id: UserId,
    *,
    session_id: SessionId | None,
    session_type: SessionType,
    language: str | None,
    title: str | None,
    time_zone: str | None = None,
    keep: Keep[tuple[Session, bool]] = keep_nothing,
) -> tuple[Session, bool]:
    """The session, and whether it is new: the same id again is the same session, as it now is.

    Without a `language` or a `time_zone` (an IANA name) it gets the user's own.
    """
    chosen = session_id or SessionId(new_id())
    with db.transaction(user_id) as tx:
        created = repository.insert(
            tx, user_id, chosen, session_type=session_type, language=language, time_zone=time_zone, title=title
        )
        session = created or repository.find(tx, user_id, chosen)
        if session is None:
            raise NotFound
        answer = session, created is not None
        keep(tx, answer)
    return answer
