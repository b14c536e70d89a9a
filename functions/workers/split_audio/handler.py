"""Builds the split-audio worker: a long recording in, parts a provider takes out."""

from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.queue import step_handler
from shared.enrichment.split_recording import split_recording
from shared.ids import StepId, UserId
from shared.media.s3_store import S3Store
from shared.media.settings import BucketSettings
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_queue import SqsQueue


class Settings(QueueSettings, BucketSettings):
    """What this function reads of its environment."""

    database_url: str
    retry_base_seconds: float


settings = load(Settings)
db = Database(settings.database_url)
queue = SqsQueue.of(settings)
store = S3Store.of(settings)


def split_audio(user_id: UserId, step_id: StepId) -> None:
    """Cut the recording of the step."""
    split_recording(db, queue, store, user_id=user_id, step_id=step_id)


handler = step_handler(split_audio, queue, retry_base_seconds=settings.retry_base_seconds)
