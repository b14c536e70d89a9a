"""A checkout page that was open although Stripe's answer was lost: what is paid there is granted all the same."""

import pytest

from dev.vendors.stripe_outage import Fault, FaultKind
from tests.fixtures.phone import Phone
from tests.fixtures.storefront import Storefront

CHECKOUT = "/api/payments/checkout"
HISTORY = "/api/payments/history"
STARTER = {"package_id": "starter"}


@pytest.mark.parametrize("kind", ["server_error", "cut"])
def test_a_page_that_was_opened_after_all_and_is_paid_gives_its_credits(
    storefront: Storefront, alice: Phone, kind: FaultKind
) -> None:
    storefront.order(alice)
    before = len(storefront.local.book.tables.sessions)
    storefront.local.outage.begin(Fault(kind=kind, is_carried_out=True), requests=1)
    assert alice.refused("POST", CHECKOUT, STARTER) == (503, "provider_unavailable")
    assert len(alice.ok("GET", HISTORY)["payments"]) == 1
    assert len(storefront.local.book.tables.sessions) == before + 1
    storefront.local.pay(list(storefront.local.book.tables.sessions)[-1])
    storefront.tell_all()
    statuses = [payment["status"] for payment in alice.ok("GET", HISTORY)["payments"]]
    assert sorted(statuses) == ["completed", "pending"]
    assert alice.ok("GET", "/api/me/credits")["credits"] == 23
