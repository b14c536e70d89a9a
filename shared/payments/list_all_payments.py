"""What an administrator sees of payments."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.audit.note_look import note_look
from shared.db.connection import Database
from shared.identity.as_administrator import as_administrator
from shared.ids import UserId
from shared.payments import repository
from shared.payments.model import Payment


def list_all_payments(
    db: Database, actor_id: UserId, user_id: UserId | None, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Payment]:
    """A page of everybody's payments, or of one user's, which goes on record; newest first.

    Raises Forbidden. `db` connects as the system role.
    """
    with as_administrator(db, actor_id) as tx:
        if user_id is not None:
            note_look(tx, actor_id, "payments", user_id=user_id)
        return repository.page(tx, user_id, before=before, limit=limit, with_unopened=True)
