"""What administrators did, as administrators see it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.audit.list_deeds import list_deeds
from shared.audit.model import DeedFilter, KeptDeed
from shared.db.connection import Database
from shared.identity.as_administrator import as_administrator
from shared.ids import UserId


def read_audit_log(
    db: Database, actor_id: UserId, wanted: DeedFilter, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[KeptDeed]:
    """A page, newest first. Raises Forbidden. `db` connects as the system role."""
    with as_administrator(db, actor_id) as tx:
        return list_deeds(tx, wanted, before=before, limit=limit)
