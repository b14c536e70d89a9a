"""Builds the embed worker: text in, vectors out."""

from shared.ai.budget import WORKER_SECONDS
from shared.ai.embedders import embedders_of
from shared.ai.openai_embedder import OpenAiEmbedder
from shared.ai.settings import EmbeddingSettings
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.queue import step_handler
from shared.enrichment.embed_session import embed_session
from shared.ids import StepId, UserId
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_queue import SqsQueue


class Settings(QueueSettings, EmbeddingSettings):
    """What this function reads of its environment."""

    database_url: str
    retry_base_seconds: float


settings = load(Settings)
db = Database(settings.database_url)
queue = SqsQueue.of(settings)
embedders = embedders_of(db, "embedding", settings, OpenAiEmbedder, total_seconds=WORKER_SECONDS)


def embed(user_id: UserId, step_id: StepId) -> None:
    """Embed the session, or the one block, of the step."""
    embed_session(db, queue, embedders, user_id=user_id, step_id=step_id)


handler = step_handler(embed, queue, retry_base_seconds=settings.retry_base_seconds)
