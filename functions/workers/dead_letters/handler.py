"""Builds dead_letters: every minute what no worker could handle ends here, and the credit comes back."""

from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.dead_letters import bury_letters
from shared.edge.schedule import schedule_handler
from shared.enrichment.bury_step import bury_step
from shared.ids import StepId
from shared.notifications.give_up_push import give_up_push
from shared.outbox.message import Message, PushBody, StepBody, TransferBody
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_dead_letters import SqsDeadLetters
from shared.takeout.give_up_transfer import give_up_transfer
from shared.takeout.model import TransferId


class Settings(QueueSettings):
    """What this function reads of its environment."""

    database_url: str
    buried_queues: str
    """Names of the queues whose dead letters are buried, separated by commas."""


settings = load(Settings)
db = Database(settings.database_url)
queue = SqsDeadLetters.of(settings)
buried = settings.buried_queues.split(",")


def bury(message: Message) -> None:
    """Fail what the message is about. One that nobody can read stays where an operator finds it."""
    if "notification_id" in message.body:
        notification_id = PushBody.model_validate(message.body).notification_id
        give_up_push(db, user_id=message.owner(), notification_id=notification_id)
        return
    if "transfer_id" in message.body:
        transfer_id = TransferId(TransferBody.model_validate(message.body).transfer_id)
        give_up_transfer(db, queue, user_id=message.owner(), transfer_id=transfer_id)
        return
    step_id = StepId(StepBody.model_validate(message.body).step_id)
    bury_step(db, queue, user_id=message.owner(), step_id=step_id, started_by=message.correlation_id)


handler = schedule_handler({"bury_letters": lambda: bury_letters(queue, queue, buried, bury, check_database=db.check)})
