"""How full every queue is, and how long the oldest thing in it has waited."""

from collections.abc import Sequence
from dataclasses import replace

from shared.db.connection import Database, Transaction
from shared.identity.as_administrator import as_administrator
from shared.ids import UserId
from shared.jobs.counting import count_steps
from shared.jobs.model import StepState
from shared.outbox.queue_depths import QueueDepths
from shared.status.count_messages import count_messages
from shared.status.model import QueueStatus


def list_queues(db: Database, actor_id: UserId, depths: QueueDepths, names: Sequence[str]) -> list[QueueStatus]:
    """Ages are those of ready steps, which the queue service does not tell. Raises Forbidden.

    `db` connects as the system role.
    """
    with as_administrator(db, actor_id) as tx:
        ages = _ages(tx)
    return [replace(queue, oldest_seconds=ages.get(queue.name)) for queue in count_messages(depths, names)]


def _ages(tx: Transaction) -> dict[str, float | None]:
    return {step.kind.queue: step.oldest_seconds for step in count_steps(tx) if step.state is StepState.READY}
