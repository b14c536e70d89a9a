"""Builds the checkout function."""

from functions.api.checkout.routes import Routes
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.http import http_handler
from shared.edge.rules import EdgeSettings, Rules
from shared.identity.firebase_accounts import FirebaseAccounts
from shared.identity.settings import AccountsSettings
from shared.payments.packages import read_packages
from shared.payments.payment_provider import ReturnUrls
from shared.payments.settings import StripeSettings
from shared.payments.start_checkout import Shop
from shared.payments.stripe_provider import StripeProvider


class Settings(EdgeSettings, AccountsSettings, StripeSettings):
    """What this function reads of its environment."""

    database_url: str
    credit_packages: str = ""
    checkout_success_url: str
    checkout_cancel_url: str


settings = load(Settings)
db = Database(settings.database_url)
shop = Shop(
    packages=read_packages(settings.credit_packages),
    urls=ReturnUrls(success=settings.checkout_success_url, cancel=settings.checkout_cancel_url),
    livemode=settings.is_live,
)
# The caller waits, and may ask again; a second try of ours would not fit the gateway's 30 seconds.
provider = StripeProvider.of(settings, max_retries=0)
routes = Routes(db=db, provider=provider, shop=shop)
handler = http_handler(routes.endpoints(), db, Rules.of(settings), FirebaseAccounts.of(settings))
