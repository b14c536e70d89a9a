"""Builds the delete_account worker: an account that is leaving in, one store after the other without it."""

from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.queue import queue_handler
from shared.identity.firebase_accounts import FirebaseAccounts
from shared.identity.settings import AccountsSettings
from shared.leaving.carry_on_deletion import Patience
from shared.leaving.stores import Stores
from shared.leaving.work_on_deletion import work_on_deletion
from shared.media.s3_store import S3Store
from shared.media.settings import BucketSettings
from shared.outbox.message import Message
from shared.payments.settings import StripeSettings
from shared.payments.stripe_provider import StripeProvider

WITHIN_SECONDS = 240.0
FOR_ROWS_SECONDS = 200


class Settings(BucketSettings, AccountsSettings, StripeSettings):
    """What this function reads of its environment."""

    database_url: str


settings = load(Settings)
db = Database(settings.database_url)
stores = Stores(
    objects=S3Store.of(settings),
    customers=StripeProvider.of(settings, max_retries=1),
    accounts=FirebaseAccounts.of(settings),
)


def carry_on(message: Message) -> None:
    """Go on with the deletion of whom the message is for."""
    patience = Patience(within_seconds=WITHIN_SECONDS, for_rows_seconds=FOR_ROWS_SECONDS)
    work_on_deletion(db, stores, message.owner(), patience)


handler = queue_handler(carry_on, None)
