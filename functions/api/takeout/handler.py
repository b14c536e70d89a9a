"""Builds the takeout function."""

from functions.api.takeout.routes import Routes
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.http import http_handler
from shared.edge.rules import EdgeSettings, Rules
from shared.identity.firebase_accounts import FirebaseAccounts
from shared.identity.settings import AccountsSettings
from shared.media.s3_store import S3Store
from shared.media.settings import BucketSettings
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_queue import SqsQueue


class Settings(EdgeSettings, QueueSettings, BucketSettings, AccountsSettings):
    """What this function reads of its environment."""

    database_url: str


settings = load(Settings)
db = Database(settings.database_url)
routes = Routes(db=db, store=S3Store.of(settings), queue=SqsQueue.of(settings))
handler = http_handler(routes.endpoints(), db, Rules.of(settings), FirebaseAccounts.of(settings))
