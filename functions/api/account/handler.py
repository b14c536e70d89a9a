"""Builds the account function."""

from functions.api.account.routes import Routes
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.http import http_handler
from shared.edge.rules import EdgeSettings, Rules
from shared.identity.firebase_accounts import FirebaseAccounts
from shared.identity.settings import AccountsSettings
from shared.leaving.stores import Stores
from shared.media.s3_store import S3Store
from shared.media.settings import BucketSettings
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_queue import SqsQueue
from shared.payments.settings import StripeSettings
from shared.payments.stripe_provider import StripeProvider


class Settings(EdgeSettings, QueueSettings, BucketSettings, AccountsSettings, StripeSettings):
    """What this function reads of its environment."""

    database_url: str


settings = load(Settings)
db = Database(settings.database_url)
stores = Stores(
    objects=S3Store.of(settings, timeout_seconds=5),
    customers=StripeProvider.of(settings, max_retries=0),
    accounts=FirebaseAccounts.of(settings),
)
routes = Routes(db=db, queue=SqsQueue.of(settings), stores=stores)
handler = http_handler(routes.endpoints(), db, Rules.of(settings), stores.accounts)
