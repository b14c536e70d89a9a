"""Builds the describe_image worker: pictures in, captions and the text in them out."""

from shared.ai.budget import WORKER_SECONDS
from shared.ai.chained_providers import ChainedImageDescriber
from shared.ai.openai_image_describer import OpenAiImageDescriber
from shared.ai.provider_chain import chain_of
from shared.ai.settings import VisionSettings
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.queue import step_handler
from shared.enrichment.describe_media import describe_media
from shared.ids import StepId, UserId
from shared.media.s3_store import S3Store
from shared.media.settings import BucketSettings
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_queue import SqsQueue


class Settings(QueueSettings, BucketSettings, VisionSettings):
    """What this function reads of its environment."""

    database_url: str
    retry_base_seconds: float


settings = load(Settings)
db = Database(settings.database_url)
queue = SqsQueue.of(settings)
store = S3Store.of(settings)
describer = ChainedImageDescriber(
    chain_of(db, "vision", settings.endpoints(), OpenAiImageDescriber, total_seconds=WORKER_SECONDS)
)


def describe(user_id: UserId, step_id: StepId) -> None:
    """Describe the picture of the step."""
    describe_media(db, queue, store, describer, user_id=user_id, step_id=step_id)


handler = step_handler(describe, queue, retry_base_seconds=settings.retry_base_seconds)
