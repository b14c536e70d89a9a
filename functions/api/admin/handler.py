"""Builds the admin function."""

from functions.api.admin.routes import Routes
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.http import http_handler
from shared.edge.rules import EdgeSettings, Rules
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_dead_letters import SqsDeadLetters


class Settings(EdgeSettings, QueueSettings):
    """What this function reads of its environment."""

    database_url: str
    watched_queues: str
    """Names, separated by commas."""
    known_providers: str
    """Everybody whom some function asks, by the names their settings give them, separated by commas."""


settings = load(Settings)
db = Database(settings.database_url)
queue = SqsDeadLetters.of(settings)
routes = Routes(
    db=db,
    queue=queue,
    letters=queue,
    depths=queue,
    watched=tuple(settings.watched_queues.split(",")),
    providers=settings.known_providers.split(","),
)
handler = http_handler(routes.endpoints(), db, Rules.of(settings))
