"""What a user sees of their payments."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.db.connection import Database
from shared.ids import UserId
from shared.payments import repository
from shared.payments.model import Payment


def list_payments(
    db: Database, user_id: UserId, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Payment]:
    """A page of their payments, newest first."""
    with db.transaction(user_id) as tx:
        return repository.page(tx, user_id, before=before, limit=limit)
