"""What `make status` shows of a running stage."""

from collections.abc import Sequence

from shared.db.connection import Database
from shared.identity.as_administrator import as_administrator
from shared.ids import UserId
from shared.outbox.queue_depths import QueueDepths
from shared.reembedding.read_progress import read_progress
from shared.status.count_messages import count_messages
from shared.status.model import Status, concerns_of
from shared.status.read_tables import read_tables


def read_status(db: Database, actor_id: UserId, depths: QueueDepths, queue_names: Sequence[str]) -> Status:
    """The state of all users' work, and what of it needs a hand. Raises Forbidden. `db` connects as the system role."""
    with as_administrator(db, actor_id) as tx:
        tables, reembedding = read_tables(tx), read_progress(tx)
    queues = count_messages(depths, queue_names)
    concerns = concerns_of(tables, queues, reembedding)
    return Status(tables=tables, reembedding=reembedding, queues=queues, concerns=concerns)
