"""A customer who leaves, at the local Stripe and at one that fails: gone is gone, an open page is closed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import stripe

from dev.vendors.stripe_checkout import create_customer
from dev.vendors.stripe_local import LocalStripe
from dev.vendors.stripe_requests import CustomerCreation
from dev.vendors.stripe_search import FOUND_AFTER_SECONDS
from shared.errors import VendorDown, VendorRefused
from shared.payments.stripe_provider import StripeProvider
from tests.fakes.vendor_server import Answer, VendorServer
from tests.fixtures.checkouts import order_for, read_vendor
from tests.fixtures.local_stripe import client_of, running_local_stripe
from tests.fixtures.storefront import URLS, provider_at


@pytest.fixture(scope="module")
def local() -> Iterator[LocalStripe]:
    with running_local_stripe() as server:
        yield server


@pytest.fixture
def provider(local: LocalStripe) -> StripeProvider:
    return provider_at(local.address)


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[VendorServer]:
    with read_vendor(monkeypatch) as server:
        yield server


def is_known(local: LocalStripe, customer_id: str) -> bool:
    with local.look() as book:
        return not book.tables.customers[customer_id].is_deleted


def test_a_customer_is_forgotten_once_and_however_often(local: LocalStripe, provider: StripeProvider) -> None:
    leaving, staying = (provider.create_customer(user_id=name, email=None) for name in ("leaving", "staying"))
    for _ in range(2):
        provider.forget_customer(leaving)
    provider.forget_customer("cus_nobody")
    assert (is_known(local, leaving), is_known(local, staying)) == (False, True)


def test_an_open_page_is_closed_and_one_that_is_over_stays_as_it_is(
    local: LocalStripe, provider: StripeProvider
) -> None:
    customer = provider.create_customer(user_id="shopper", email=None)
    opened, paid = (provider.open_checkout(order_for(customer), URLS).session_id for _ in range(2))
    local.pay(paid)
    for session_id in (opened, opened, paid, "cs_unknown"):
        provider.expire_checkout(session_id)
    assert (local.session(opened).status, local.session(paid).status) == ("expired", "complete")


def test_all_customers_of_a_user_are_found_page_by_page_as_soon_as_the_search_knows_them(
    local: LocalStripe, provider: StripeProvider
) -> None:
    with local.change() as book:
        made = [create_customer(book, CustomerCreation(metadata={"user_id": "often"})) for _ in range(102)]
        create_customer(book, CustomerCreation(metadata={"user_id": "another"}))
    assert provider.customers_of("often") == []
    with local.change() as book:
        for one in book.tables.customers.values():
            book.tables.customers[one.id] = replace(one, created=one.created - FOUND_AFTER_SECONDS)
    provider.forget_customer(made[0].id)
    assert sorted(provider.customers_of("often")) == sorted(one.id for one in made[1:])


@pytest.mark.parametrize(
    "wrong", [{"query": "often"}, {"query": "metadata['user_id']:'often'", "page": "900"}], ids=["query", "page"]
)
def test_a_search_that_the_local_stripe_does_not_know_is_refused(local: LocalStripe, wrong: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client_of(local).v1.customers.search(wrong)


REFUSED = Answer.of_json({"error": {"type": "invalid_request_error", "message": "no"}}, status=400)
DOWN = Answer.of_json({"error": {"type": "api_error", "message": "no"}}, status=500)


@pytest.mark.parametrize(
    ("answer", "expected"), [(REFUSED, VendorRefused), (DOWN, VendorDown)], ids=["refused", "down"]
)
def test_what_stripe_does_not_do_is_never_taken_for_done(
    vendor: VendorServer, answer: Answer, expected: type[Exception]
) -> None:
    vendor.answer_with(answer)
    with pytest.raises(expected):
        provider_at(vendor.url).forget_customer("cus_1")
    with pytest.raises(expected):
        provider_at(vendor.url).expire_checkout("cs_1")
