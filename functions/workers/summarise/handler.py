"""Builds the summarise worker: notes in, a title and a summary out."""

from shared.ai.capabilities import Endpoint
from shared.ai.openai_summariser import OpenAiSummariser
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.queue import queue_handler
from shared.enrichment.summarise_session import summarise_session
from shared.ids import StepId, UserId
from shared.outbox.message import Message, StepBody
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_queue import SqsQueue


class Settings(QueueSettings):
    """What this function reads of its environment."""

    database_url: str
    chat_provider: str
    chat_base_url: str
    chat_model: str
    chat_api_key: str
    retry_base_seconds: float


settings = load(Settings)
db = Database(settings.database_url)
queue = SqsQueue.of(settings)
summariser = OpenAiSummariser(
    Endpoint(
        provider=settings.chat_provider,
        base_url=settings.chat_base_url,
        model=settings.chat_model,
        api_key=settings.chat_api_key,
    )
)


def summarise(message: Message) -> None:
    """Sum up the session of the step the message names."""
    step_id = StepId(StepBody.model_validate(message.body).step_id)
    summarise_session(db, queue, summariser, user_id=UserId(message.user_id), step_id=step_id)


handler = queue_handler(summarise, queue, retry_base_seconds=settings.retry_base_seconds)
