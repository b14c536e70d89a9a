"""Builds the describe_image worker: pictures in, captions and the text in them out."""

from shared.ai.capabilities import Endpoint
from shared.ai.openai_image_describer import OpenAiImageDescriber
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.queue import queue_handler
from shared.enrichment.describe_media import describe_media
from shared.ids import StepId, UserId
from shared.media.s3_store import S3Store
from shared.media.settings import BucketSettings
from shared.outbox.message import Message, StepBody
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_queue import SqsQueue


class Settings(QueueSettings, BucketSettings):
    """What this function reads of its environment."""

    database_url: str
    vision_provider: str
    vision_base_url: str
    vision_model: str
    vision_api_key: str
    retry_base_seconds: float


settings = load(Settings)
db = Database(settings.database_url)
queue = SqsQueue.of(settings)
store = S3Store.of(settings)
describer = OpenAiImageDescriber(
    Endpoint(
        provider=settings.vision_provider,
        base_url=settings.vision_base_url,
        model=settings.vision_model,
        api_key=settings.vision_api_key,
    )
)


def describe(message: Message) -> None:
    """Describe the picture of the step the message names."""
    step_id = StepId(StepBody.model_validate(message.body).step_id)
    describe_media(db, queue, store, describer, user_id=UserId(message.user_id), step_id=step_id)


handler = queue_handler(describe, queue, retry_base_seconds=settings.retry_base_seconds)
