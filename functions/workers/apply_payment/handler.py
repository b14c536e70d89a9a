"""Builds the apply_payment worker: an event of the inbox in, its order brought to the truth."""

from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.queue import queue_handler
from shared.outbox.message import EventBody, Message
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_queue import SqsQueue
from shared.payments.apply_event import apply_event
from shared.payments.settings import StripeSettings
from shared.payments.stripe_provider import StripeProvider


class Settings(QueueSettings, StripeSettings):
    """What this function reads of its environment."""

    database_url: str


settings = load(Settings)
db = Database(settings.database_url)
provider = StripeProvider.of(settings, max_retries=1)


def apply(message: Message) -> None:
    """Apply the event the message names."""
    apply_event(db, provider, EventBody.model_validate(message.body).event_id)


handler = queue_handler(apply, SqsQueue.of(settings))
