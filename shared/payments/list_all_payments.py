"""What an administrator sees of payments."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.db.connection import Database
from shared.ids import UserId
from shared.payments import repository
from shared.payments.model import Payment


def list_all_payments(
    db: Database, user_id: UserId | None, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Payment]:
    """A page of everybody's payments, or of one user's, newest first. `db` connects as the system role."""
    with db.transaction(None) as tx:
        return repository.page(tx, user_id, before=before, limit=limit, with_unopened=True)
