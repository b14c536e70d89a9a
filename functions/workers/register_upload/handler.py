"""Builds the register_upload worker: the bucket's notices in, uploads settled."""

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.object_notice import read_notices
from shared.edge.queue import raw_queue_handler
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_queue import SqsQueue
from shared.sessions.register_upload import register_upload


class Settings(QueueSettings):
    """What this function reads of its environment."""

    database_url: str


settings = load(Settings)
db = Database(settings.database_url)
queue = SqsQueue.of(settings)


def register(record: SQSRecord) -> None:
    """Settle every upload the message tells of."""
    for notice in read_notices(record.body):
        register_upload(db, queue, notice.object_key, notice.facts, occurred_at=notice.occurred_at)


handler = raw_queue_handler(register, queue)
