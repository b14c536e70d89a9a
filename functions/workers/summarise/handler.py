"""Builds the summarise worker: notes in, a title and a summary out."""

from shared.ai.budget import WORKER_SECONDS
from shared.ai.chained_providers import ChainedSummariser
from shared.ai.openai_summariser import OpenAiSummariser
from shared.ai.provider_chain import chain_of
from shared.ai.settings import ChatSettings
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.queue import step_handler
from shared.enrichment.summarise_session import summarise_session
from shared.ids import StepId, UserId
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_queue import SqsQueue


class Settings(QueueSettings, ChatSettings):
    """What this function reads of its environment."""

    database_url: str
    retry_base_seconds: float


settings = load(Settings)
db = Database(settings.database_url)
queue = SqsQueue.of(settings)
summariser = ChainedSummariser(
    chain_of(db, "chat", settings.endpoints(), OpenAiSummariser, total_seconds=WORKER_SECONDS)
)


def summarise(user_id: UserId, step_id: StepId) -> None:
    """Sum up the session of the step."""
    summarise_session(db, queue, summariser, user_id=user_id, step_id=step_id)


handler = step_handler(summarise, queue, retry_base_seconds=settings.retry_base_seconds)
