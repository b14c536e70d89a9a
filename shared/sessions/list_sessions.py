"""Lists a user's sessions."""

from datetime import datetime
from uuid import UUID

from shared.db.connection import Database
from shared.ids import UserId
from shared.sessions import repository
from shared.sessions.model import Session, SessionFilter


def list_sessions(
    db: Database, user_id: UserId, wanted: SessionFilter, *, before: tuple[datetime, UUID] | None, limit: int
) -> list[Session]:
    """A page, newest first."""
    with db.transaction(user_id) as tx:
        return repository.page(tx, user_id, wanted, before=before, limit=limit)
