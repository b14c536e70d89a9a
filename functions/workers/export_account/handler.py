"""Builds the export_account worker."""

from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.queue import queue_handler
from shared.media.s3_store import S3Store
from shared.media.settings import BucketSettings
from shared.outbox.message import Message, TransferBody
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_queue import SqsQueue
from shared.takeout.export_account import export_account
from shared.takeout.model import TransferId


class Settings(QueueSettings, BucketSettings):
    """What this function reads of its environment."""

    database_url: str


settings = load(Settings)
db = Database(settings.database_url)
queue = SqsQueue.of(settings)
# A part of 8 MiB, or an object put together of thousands of them, takes the store its time.
store = S3Store.of(settings, timeout_seconds=60)


def work(message: Message) -> None:
    """Do the export the message names."""
    transfer_id = TransferId(TransferBody.model_validate(message.body).transfer_id)
    export_account(db, store, queue, user_id=message.owner(), transfer_id=transfer_id)


handler = queue_handler(work, queue)
