"""Builds the stripe_webhook function."""

from functions.api.stripe_webhook.routes import Routes
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.http import http_handler
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_queue import SqsQueue
from shared.payments.settings import StripeModeSettings


class Settings(QueueSettings, StripeModeSettings):
    """What this function reads of its environment. The previous secret stays good while a new one is rolled out."""

    database_url: str
    stripe_webhook_secret: str
    stripe_webhook_secret_previous: str = ""


settings = load(Settings)
db = Database(settings.database_url)
secrets = [
    secret for secret in (settings.stripe_webhook_secret, settings.stripe_webhook_secret_previous) if secret.strip()
]
routes = Routes(db=db, queue=SqsQueue.of(settings), secrets=secrets, livemode=settings.is_live)
handler = http_handler(routes.endpoints(), db)
