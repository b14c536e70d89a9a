"""StripeProvider over real sockets: each failure of the SDK is one of ours, each repeat does nothing twice."""

import socket
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import stripe

from dev.vendors.stripe_local import LocalStripe
from dev.vendors.stripe_outage import Fault
from shared.errors import VendorDown, VendorRefused
from shared.ids import new_id
from shared.payments import stripe_transport
from shared.payments.notice import PINNED_API_VERSION
from shared.payments.stripe_provider import StripeProvider
from tests.fakes.vendor_server import HANGS_SECONDS, Answer, VendorServer
from tests.fixtures.checkouts import NOW, order_for, read_vendor
from tests.fixtures.local_stripe import running_local_stripe
from tests.fixtures.storefront import URLS, provider_at

Call = Callable[[StripeProvider], object]


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


CALLS: Mapping[str, Call] = {
    "create_customer": lambda provider: provider.create_customer(user_id="u", email=None),
    "open_checkout": lambda provider: provider.open_checkout(order_for("cus_1"), URLS),
    "read_checkout": lambda provider: provider.read_checkout("cs_1"),
    "checkout_of_payment": lambda provider: provider.checkout_of_payment("pi_1"),
    "checkouts_since": lambda provider: list(provider.checkouts_since(NOW)),
    "reversed_since": lambda provider: list(provider.reversed_since(NOW)),
    "customers_of": lambda provider: provider.customers_of("u"),
}


def failing(status: int, kind: str = "invalid_request_error", **others: Any) -> Answer:
    return Answer.of_json({"error": {"type": kind, "message": "canary", **others}}, status=status)


ERRORS: Mapping[str, tuple[Answer, type[Exception]]] = {
    "a refused parameter": (failing(400, param="customer"), VendorRefused),
    "a failed request": (failing(402, "card_error", code="card_declined"), VendorDown),
    "our key refused": (failing(401), VendorDown),
    "our key not allowed to": (failing(403), VendorDown),
    "a conflict": (failing(409), VendorDown),
    "another use of the key": (failing(400, "idempotency_error"), VendorDown),
    "too many requests": (failing(429, "rate_limit_error"), VendorDown),
    "an error of theirs": (failing(500, "api_error"), VendorDown),
    "a bad gateway": (Answer(status=502, body=b"<html>Bad gateway</html>"), VendorDown),
    "unavailable": (Answer(status=503), VendorDown),
    "a page instead of JSON": (Answer(body=b"<html>Hello</html>"), VendorDown),
    "an empty answer": (Answer(), VendorDown),
    "half an answer": (Answer(body=b'{"id": "cs_1", "object": "x"}', sent_bytes=9), VendorDown),
}


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("call", CALLS)
def test_each_failure_of_stripe_is_one_of_our_two(vendor: VendorServer, call: str, error: str) -> None:
    answer, kind = ERRORS[error]
    vendor.answer_with(answer)
    with pytest.raises(kind) as failed:
        CALLS[call](provider_at(vendor.url))
    assert "canary" not in str(failed.value)
    assert len(vendor.received) == (3 if (call, error) == ("create_customer", "another use of the key") else 1)


@pytest.mark.parametrize("call", CALLS)
def test_a_stripe_that_is_down_says_when_to_come_back(vendor: VendorServer, call: str) -> None:
    vendor.answer_with(failing(500))
    with pytest.raises(VendorDown) as failed:
        CALLS[call](provider_at(vendor.url))
    assert failed.value.retry_after_seconds is not None


@pytest.mark.parametrize("call", ["read_checkout", "checkout_of_payment"])
def test_what_stripe_does_not_know_is_none(vendor: VendorServer, call: str) -> None:
    vendor.answer_with(failing(404, code="resource_missing"))
    assert CALLS[call](provider_at(vendor.url)) is None


@pytest.mark.parametrize("call", ["create_customer", "open_checkout", "checkouts_since", "reversed_since"])
def test_not_found_where_nothing_was_looked_up_is_a_refusal(vendor: VendorServer, call: str) -> None:
    vendor.answer_with(failing(404, code="resource_missing"))
    with pytest.raises(VendorRefused):
        CALLS[call](provider_at(vendor.url))


@pytest.mark.parametrize("call", CALLS)
def test_nobody_listening_is_down(call: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        nowhere = f"http://127.0.0.1:{reserved.getsockname()[1]}"
    with pytest.raises(VendorDown):
        CALLS[call](provider_at(nowhere))


def test_an_answer_that_does_not_come_is_waited_for_so_long_and_no_longer(
    vendor: VendorServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe_transport, "_READ_SECONDS", 0.2)
    vendor.answer_with(Answer(hangs=True))
    began = time.monotonic()
    with pytest.raises(VendorDown):
        provider_at(vendor.url).read_checkout("cs_1")
    assert 0.2 <= time.monotonic() - began < HANGS_SECONDS


def test_two_calls_and_what_is_around_them_fit_the_gateways_time() -> None:
    longest = 2 * (stripe_transport._CONNECT_SECONDS + stripe_transport._READ_SECONDS)
    assert longest < 29


def test_a_retry_repeats_the_idempotency_key(vendor: VendorServer) -> None:
    vendor.answer_with(failing(500), Answer.of_json({"id": "cs_1", "object": "checkout.session", "url": "https://x"}))
    order = order_for("cus_1")
    assert provider_at(vendor.url, max_retries=1).open_checkout(order, URLS).session_id == "cs_1"
    assert [received.headers["idempotency-key"] for received in vendor.received] == [str(order.id)] * 2


def test_the_version_our_notices_are_read_in_is_sent_and_is_the_sdks(vendor: VendorServer) -> None:
    vendor.answer_with(failing(500))
    for call in CALLS.values():
        with pytest.raises(VendorDown):
            call(provider_at(vendor.url))
    assert {received.headers["stripe-version"] for received in vendor.received} == {PINNED_API_VERSION}
    assert stripe.api_version == PINNED_API_VERSION


def test_the_key_is_sent_as_a_bearer_and_nothing_else_of_ours(vendor: VendorServer) -> None:
    vendor.answer_with(Answer.of_json({"id": "cus_1", "object": "customer"}))
    provider_at(vendor.url).create_customer(user_id="user-1", email="payer@example.org")
    (received,) = vendor.received
    assert received.headers["authorization"] == "Bearer sk_test_local"
    assert received.body == b"metadata[user_id]=user-1&email=payer%40example.org"


def test_a_customer_is_the_same_however_often_it_is_asked_for(provider: StripeProvider, local: LocalStripe) -> None:
    names = {provider.create_customer(user_id="again", email=None) for _ in range(3)}
    assert len(names) == 1
    assert local.book.tables.customers[names.pop()].metadata == {"user_id": "again"}


@pytest.mark.parametrize("failures", [1, 2])
def test_a_failure_kept_under_a_customers_key_is_got_round(
    provider: StripeProvider, local: LocalStripe, failures: int
) -> None:
    user_id = str(new_id())
    for _ in range(failures):
        local.outage.begin(Fault(kind="server_error", is_kept=True))
        with pytest.raises(VendorDown):
            provider.create_customer(user_id=user_id, email=None)
    made = provider.create_customer(user_id=user_id, email=None)
    assert provider.create_customer(user_id=user_id, email=None) == made


def test_a_customer_whose_address_has_changed_meanwhile_is_still_had(provider: StripeProvider) -> None:
    user_id = str(new_id())
    provider.create_customer(user_id=user_id, email="old@example.org")
    assert provider.create_customer(user_id=user_id, email="new@example.org").startswith("cus_")


def test_a_checkout_is_the_same_however_often_it_is_asked_for(provider: StripeProvider) -> None:
    order = order_for(provider.create_customer(user_id=str(new_id()), email=None))
    assert len({provider.open_checkout(order, URLS).session_id for _ in range(3)}) == 1


def test_what_is_paid_is_what_was_ordered(vendor: VendorServer) -> None:
    vendor.answer_with(Answer.of_json({"id": "cs_1", "object": "checkout.session", "url": "https://x"}))
    provider_at(vendor.url).open_checkout(order_for("cus_1"), URLS)
    sent = vendor.received[0].body.decode()
    for part in ("adaptive_pricing[enabled]=false", "allow_promotion_codes=false", "[unit_amount]=1999"):
        assert part in sent
