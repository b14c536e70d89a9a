"""What providers were used for, and what it cost."""

from collections.abc import Sequence

from shared.ai.add_up_usage import add_up_usage
from shared.ai.usage import DailyUsage, UsageFilter, UserUsage
from shared.audit.note_look import note_look
from shared.db.connection import Database
from shared.identity.as_administrator import as_administrator
from shared.ids import UserId


def read_usage(db: Database, actor_id: UserId, wanted: UsageFilter) -> tuple[Sequence[DailyUsage], Sequence[UserUsage]]:
    """By day and kind of call, and of the users it was most for; one user's goes on record. Raises Forbidden.

    `db` connects as the system role.
    """
    with as_administrator(db, actor_id) as tx:
        if wanted.user_id is not None:
            note_look(tx, actor_id, "usage", user_id=wanted.user_id)
        return add_up_usage(tx, wanted)
