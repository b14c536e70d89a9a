"""Builds the embed worker: text in, vectors out."""

from shared.ai.capabilities import Endpoint
from shared.ai.openai_embedder import OpenAiEmbedder
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.queue import queue_handler
from shared.enrichment.embed_session import embed_session
from shared.ids import StepId, UserId
from shared.outbox.message import Message, StepBody
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_queue import SqsQueue


class Settings(QueueSettings):
    """What this function reads of its environment."""

    database_url: str
    embedding_provider: str
    embedding_base_url: str
    embedding_model: str
    embedding_api_key: str
    retry_base_seconds: float


settings = load(Settings)
db = Database(settings.database_url)
queue = SqsQueue.of(settings)
embedder = OpenAiEmbedder(
    Endpoint(
        provider=settings.embedding_provider,
        base_url=settings.embedding_base_url,
        model=settings.embedding_model,
        api_key=settings.embedding_api_key,
    )
)


def embed(message: Message) -> None:
    """Embed the session, or the one block, of the step the message names."""
    step_id = StepId(StepBody.model_validate(message.body).step_id)
    embed_session(db, queue, embedder, user_id=UserId(message.user_id), step_id=step_id)


handler = queue_handler(embed, queue, retry_base_seconds=settings.retry_base_seconds)
