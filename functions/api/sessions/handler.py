"""Builds the sessions function."""

from functions.api.sessions.routes import Routes
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.http import http_handler
from shared.edge.rules import EdgeSettings, Rules
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_queue import SqsQueue


class Settings(EdgeSettings, QueueSettings):
    """What this function reads of its environment."""

    database_url: str


settings = load(Settings)
db = Database(settings.database_url)
handler = http_handler(Routes(db=db, queue=SqsQueue.of(settings)).endpoints(), db, Rules.of(settings))
