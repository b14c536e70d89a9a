"""Reconciling while some of Stripe's lists cannot be had: what is known to be wrong is made good all the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest

from dev.postgres import Postgres
from shared.db.connection import Database
from shared.errors import VendorDown
from shared.payments.reconcile_payments import reconcile_payments
from tests.fixtures.payment_lives import Purchase, pay
from tests.fixtures.payments import PACKAGE, TRIAL, payment_backend
from tests.fixtures.slow_provider import SlowProvider


@dataclass(kw_only=True)
class WithoutReversals(SlowProvider):
    """Refunds and disputes cannot be listed."""

    def reversed_since(self, since: datetime) -> Iterator[str]:
        raise VendorDown(f"no list since {since}", retry_after_seconds=5)


def test_what_was_paid_is_granted_though_refunds_and_disputes_cannot_be_listed(
    postgres: Postgres, database_name: str, system_db: Database
) -> None:
    with payment_backend(postgres.url(database_name, role="second_brain_app")) as shop:
        purchase = Purchase(backend=shop, order=shop.order())
        pay(purchase)
        with pytest.raises(VendorDown):
            reconcile_payments(system_db, WithoutReversals(provider=shop.provider))
        assert shop.opened(purchase.order).status == "completed"
        assert purchase.outcome().standing == TRIAL + PACKAGE.credits
