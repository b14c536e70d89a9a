"""A user wants everything as it is now."""

from shared.db.connection import Database
from shared.errors import Conflict
from shared.idempotency.keep import Keep, keep_nothing
from shared.ids import UserId
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.takeout.begin_export import begin_export
from shared.takeout.model import Transfer


def start_export(db: Database, queue: Queue, user_id: UserId, *, keep: Keep[Transfer] = keep_nothing) -> Transfer:
    """A new export, whatever there is of earlier ones. Raises Conflict when one is under way."""
    with db.transaction(user_id) as tx:
        begun = begin_export(tx, user_id)
        if begun is None:
            raise Conflict("An export is under way. Wait for it: GET /api/me/export says when.", code="export_running")
        export, announced = begun
        keep(tx, export)
    publish_announced(db, queue, [announced])
    return export
