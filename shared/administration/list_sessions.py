"""Sessions of all users, without what they say."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.audit.note_look import note_look
from shared.db.connection import Database
from shared.identity.as_administrator import as_administrator
from shared.ids import UserId
from shared.sessions.facts import FactsFilter, SessionFacts
from shared.sessions.list_session_facts import list_session_facts


def list_sessions(
    db: Database, actor_id: UserId, wanted: FactsFilter, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[SessionFacts]:
    """A page, newest first; one user's go on record. Raises Forbidden. `db` connects as the system role."""
    with as_administrator(db, actor_id) as tx:
        if wanted.user_id is not None:
            note_look(tx, actor_id, "sessions", user_id=wanted.user_id)
        return list_session_facts(tx, wanted, before=before, limit=limit)
