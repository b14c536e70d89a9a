"""Builds the transcribe worker: recordings in, text with times out."""

from shared.ai.capabilities import Endpoint
from shared.ai.groq_transcriber import GroqTranscriber
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.queue import queue_handler
from shared.enrichment.transcribe_media import transcribe_media
from shared.ids import StepId, UserId
from shared.media.s3_store import S3Store
from shared.media.settings import BucketSettings
from shared.outbox.message import Message, StepBody
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_queue import SqsQueue


class Settings(QueueSettings, BucketSettings):
    """What this function reads of its environment."""

    database_url: str
    speech_provider: str
    speech_base_url: str
    speech_model: str
    speech_api_key: str
    retry_base_seconds: float


settings = load(Settings)
db = Database(settings.database_url)
queue = SqsQueue.of(settings)
store = S3Store.of(settings)
transcriber = GroqTranscriber(
    Endpoint(
        provider=settings.speech_provider,
        base_url=settings.speech_base_url,
        model=settings.speech_model,
        api_key=settings.speech_api_key,
    )
)


def transcribe(message: Message) -> None:
    """Transcribe the recording of the step the message names."""
    step_id = StepId(StepBody.model_validate(message.body).step_id)
    transcribe_media(db, queue, store, transcriber, user_id=UserId(message.user_id), step_id=step_id)


handler = queue_handler(transcribe, queue, retry_base_seconds=settings.retry_base_seconds)
