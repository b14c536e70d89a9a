"""What a user sees of the ledger."""

from datetime import datetime
from uuid import UUID

from shared.credits import repository
from shared.credits.model import Entry
from shared.db.connection import Database
from shared.ids import UserId


def read_ledger(db: Database, user_id: UserId, *, before: tuple[datetime, UUID] | None, limit: int) -> list[Entry]:
    """A page of entries, newest first."""
    with db.transaction(user_id) as tx:
        return repository.entries(tx, user_id, before=before, limit=limit)
