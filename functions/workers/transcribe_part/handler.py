"""Builds the transcribe-part worker: parts of long recordings in, text with times out."""

from shared.ai.budget import WORKER_SECONDS
from shared.ai.chained_providers import ChainedTranscriber
from shared.ai.groq_transcriber import GroqTranscriber
from shared.ai.provider_chain import chain_of
from shared.ai.settings import SpeechSettings
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.queue import step_handler
from shared.enrichment.transcribe_part import transcribe_part
from shared.ids import StepId, UserId
from shared.media.s3_store import S3Store
from shared.media.settings import BucketSettings
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_queue import SqsQueue


class Settings(QueueSettings, BucketSettings, SpeechSettings):
    """What this function reads of its environment."""

    database_url: str
    retry_base_seconds: float


settings = load(Settings)
db = Database(settings.database_url)
queue = SqsQueue.of(settings)
store = S3Store.of(settings)
transcriber = ChainedTranscriber(
    chain_of(db, "speech", settings.endpoints(), GroqTranscriber, total_seconds=WORKER_SECONDS)
)


def listen(user_id: UserId, step_id: StepId) -> None:
    """Transcribe the part of the step."""
    transcribe_part(db, queue, store, transcriber, user_id=user_id, step_id=step_id)


handler = step_handler(listen, queue, retry_base_seconds=settings.retry_base_seconds)
