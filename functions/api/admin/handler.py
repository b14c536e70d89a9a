"""Builds the admin function."""

from functions.api.admin.routes import Routes
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.http import http_handler
from shared.edge.rules import EdgeSettings, Rules
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_queue import SqsQueue


class Settings(EdgeSettings, QueueSettings):
    """What this function reads of its environment."""

    database_url: str
    watched_queues: str
    """Names, separated by commas."""


settings = load(Settings)
db = Database(settings.database_url)
queue = SqsQueue.of(settings)
watched = tuple(settings.watched_queues.split(","))
handler = http_handler(Routes(db=db, queue=queue, depths=queue, watched=watched).endpoints(), db, Rules.of(settings))
