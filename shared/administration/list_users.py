"""Users, found by what support is told: an address, a uid."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.audit.note_look import note_look
from shared.db.connection import Database
from shared.identity.account_facts import Account, AccountFilter
from shared.identity.as_administrator import as_administrator
from shared.identity.list_accounts import list_accounts
from shared.ids import UserId


def list_users(
    db: Database, actor_id: UserId, wanted: AccountFilter, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Account]:
    """A page, newest first; on record, for it shows addresses. Raises Forbidden. `db` connects as the system role."""
    with as_administrator(db, actor_id) as tx:
        note_look(tx, actor_id, "users", filters=wanted.names())
        return list_accounts(tx, wanted, before=before, limit=limit)
