"""What an administrator sees of the events the payment provider told us."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.db.connection import Database
from shared.identity.as_administrator import as_administrator
from shared.ids import UserId
from shared.inbox.list_events import list_events
from shared.inbox.model import Event, EventFilter


def list_notices(
    db: Database, actor_id: UserId, wanted: EventFilter, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Event]:
    """A page, newest first. Raises Forbidden. `db` connects as the system role."""
    with as_administrator(db, actor_id) as tx:
        return list_events(tx, wanted, before=before, limit=limit)
