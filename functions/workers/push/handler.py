"""Builds the push worker: something to tell in, a message on every phone of its user out."""

from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.queue import queue_handler
from shared.notifications.firebase_pusher import FirebasePusher
from shared.notifications.send_push import send_push
from shared.notifications.settings import FirebaseSettings
from shared.outbox.message import Message, PushBody
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_queue import SqsQueue


class Settings(QueueSettings, FirebaseSettings):
    """What this function reads of its environment."""

    database_url: str
    retry_base_seconds: float


settings = load(Settings)
db = Database(settings.database_url)
pusher = FirebasePusher.of(settings)


def push(message: Message) -> None:
    """Send the notification the message names."""
    notification_id = PushBody.model_validate(message.body).notification_id
    send_push(db, pusher, user_id=message.owner(), notification_id=notification_id)


handler = queue_handler(push, SqsQueue.of(settings), retry_base_seconds=settings.retry_base_seconds)
