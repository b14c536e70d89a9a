"""Builds reconcile_payments: every quarter of an hour our payments are compared with Stripe's, and repaired."""

from shared.config.environment import load
from shared.credits.report_differences import report_differences
from shared.db.connection import Database
from shared.edge.schedule import schedule_handler
from shared.payments.reconcile_payments import reconcile_payments
from shared.payments.settings import StripeSettings
from shared.payments.stripe_provider import StripeProvider


class Settings(StripeSettings):
    """What this function reads of its environment."""

    database_url: str


settings = load(Settings)
db = Database(settings.database_url)
provider = StripeProvider.of(settings, max_retries=1)
handler = schedule_handler(
    {
        "reconcile_payments": lambda: reconcile_payments(db, provider).repaired,
        "report_differences": lambda: report_differences(db),
    }
)
