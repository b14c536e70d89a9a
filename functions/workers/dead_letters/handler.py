"""Builds the dead_letters worker: what no worker could handle ends here, and the credit comes back."""

from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.queue import step_handler
from shared.enrichment.bury_step import bury_step
from shared.ids import StepId, UserId
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_queue import SqsQueue


class Settings(QueueSettings):
    """What this function reads of its environment."""

    database_url: str


settings = load(Settings)
db = Database(settings.database_url)
queue = SqsQueue.of(settings)


def bury(user_id: UserId, step_id: StepId) -> None:
    """Fail the step. A message nobody can read stays where an operator finds it."""
    bury_step(db, queue, user_id=user_id, step_id=step_id)


handler = step_handler(bury, queue)
