"""Where buying credits begins: one order, one customer, and no order that Stripe does not know of."""

import json
import socket
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

import psycopg
import pytest

from dev.postgres import Postgres
from dev.vendors.stripe_outage import Fault
from shared.db.connection import Database
from shared.payments import stripe_transport
from tests.fakes.vendor_server import Answer, VendorServer, vendor_server
from tests.fixtures.captured import Backend
from tests.fixtures.phone import Phone
from tests.fixtures.storefront import Storefront, checkout_handler, provider_at

CHECKOUT = "/api/payments/checkout"
HISTORY = "/api/payments/history"
STARTER = {"package_id": "starter"}

DOWN, REFUSED = (503, "provider_unavailable"), (502, "provider_refused")


@pytest.fixture
def vendor() -> Iterator[VendorServer]:
    with vendor_server() as server:
        yield server


def at(address: str, alice: Phone, api: Backend) -> Phone:
    """Alice's phone before a checkout function whose Stripe is at `address`."""
    handlers = {**alice.handlers, "checkout": checkout_handler(api.db, provider_at(address))}
    return Phone(handlers=handlers, uid=alice.uid)


def new_customer() -> Answer:
    return Answer.of_json({"id": f"cus_{uuid4().hex}", "object": "customer"})


def orders_of(everything: psycopg.Connection, phone: Phone) -> int:
    row: Any = everything.execute(
        """
        SELECT count(*)
        FROM payments p
        JOIN users u ON u.id = p.user_id
        WHERE u.firebase_uid = %s AND (p.status, p.reason) IS DISTINCT FROM ('failed', 'not_opened')
        """,
        [phone.uid],
    ).fetchone()
    return row[0]


def customer_of(everything: psycopg.Connection, phone: Phone) -> str | None:
    row: Any = everything.execute(
        "SELECT stripe_customer_id FROM users WHERE firebase_uid = %s", [phone.uid]
    ).fetchone()
    return row[0]


def nothing_is_left(phone: Phone, everything: psycopg.Connection) -> bool:
    return phone.ok("GET", HISTORY)["payments"] == [] and orders_of(everything, phone) == 0


def test_a_checkout_answers_the_order_and_the_page(alice: Phone, storefront: Storefront) -> None:
    answer = alice.call("POST", CHECKOUT, STARTER)
    assert answer.status == 201
    opened = answer.json()
    assert opened.keys() == {"payment_id", "checkout_url"}
    assert opened["checkout_url"].startswith(f"{storefront.local.address}/c/pay/cs_test_")


def test_stripe_is_told_our_order_and_who_buys(
    alice: Phone, storefront: Storefront, everything: psycopg.Connection
) -> None:
    ordered = storefront.order(alice, "regular")
    session = storefront.local.session(ordered.session_id)
    row: Any = everything.execute("SELECT user_id, stripe_customer_id FROM payments WHERE id = %s", [ordered.id])
    user_id, customer_id = row.fetchone()
    ours = {"order_id": ordered.id, "user_id": str(user_id), "package_id": "regular"}
    assert session.client_reference_id == ordered.id
    assert session.metadata == session.payment_metadata == ours
    assert (session.amount_total, session.currency, session.customer) == (1_999, "usd", customer_id)
    assert (session.success_url, session.cancel_url) == ("https://app.example.org/paid", "https://app.example.org/left")
    opening = [one for one in storefront.local.requests if one.path == "/v1/checkout/sessions"][-1]
    assert opening.idempotency_key == ordered.id


def test_two_checkouts_are_two_orders_of_one_customer(alice: Phone, storefront: Storefront) -> None:
    one, other = storefront.order(alice), storefront.order(alice)
    assert one.id != other.id
    customers = {storefront.local.session(ordered.session_id).customer for ordered in (one, other)}
    assert len(customers) == 1


def test_twenty_first_checkouts_at_once_make_one_customer(
    alice: Phone, storefront: Storefront, postgres: Postgres, api_database: str, everything: psycopg.Connection
) -> None:
    alice.ok("GET", "/api/me")
    before = len(storefront.local.book.tables.customers)
    databases = [Database(postgres.url(api_database, role="second_brain_app")) for _ in range(20)]
    phones = [
        Phone(handlers={"checkout": checkout_handler(db, storefront.provider)}, uid=alice.uid) for db in databases
    ]
    try:
        with ThreadPoolExecutor(20) as pool:
            opened = list(pool.map(lambda phone: phone.ok("POST", CHECKOUT, STARTER), phones))
    finally:
        for db in databases:
            db.close()
    assert len({one["payment_id"] for one in opened}) == 20
    assert len(storefront.local.book.tables.customers) - before == 1
    sessions = [storefront.local.session(one["checkout_url"].rpartition("/")[2]) for one in opened]
    assert {session.customer for session in sessions} == {customer_of(everything, alice)}


@pytest.mark.parametrize(
    "package_id", ["nothing", "STARTER", " starter", "starter ", "s" * 100, "'; --", "st\u0430rter"]
)
def test_a_package_that_is_not_for_sale_is_refused_and_named(
    alice: Phone, everything: psycopg.Connection, package_id: str
) -> None:
    answer = alice.call("POST", CHECKOUT, {"package_id": package_id})
    assert (answer.status, answer.code) == (422, "package_unknown")
    assert "starter, regular, large" in answer.json()["detail"]
    assert nothing_is_left(alice, everything)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"package_id": None},
        {"package_id": ""},
        {"package_id": 1},
        {"package_id": ["starter"]},
        {"package_id": "s" * 101},
        {"package_id": "a\x00"},
        {**STARTER, "amount_cents": 1},
        {**STARTER, "credits": 1_000_000},
        {**STARTER, "currency": "jpy"},
        {**STARTER, "user_id": "somebody"},
        {**STARTER, "success_url": "https://elsewhere.example.org"},
        [STARTER],
        "starter",
    ],
)
def test_a_checkout_takes_a_package_and_nothing_else(alice: Phone, everything: psycopg.Connection, body: Any) -> None:
    assert alice.refused("POST", CHECKOUT, body) == (422, "value_invalid")
    assert nothing_is_left(alice, everything)


FAULTS = {
    "an error": Fault(kind="server_error"),
    "an error that Stripe keeps": Fault(kind="server_error", is_kept=True),
    "too many requests": Fault(kind="rate_limit", retry_after_seconds=1),
    "a cut connection": Fault(kind="cut"),
    "an error though the page was opened": Fault(kind="server_error", is_carried_out=True),
    "a cut connection though the page was opened": Fault(kind="cut", is_carried_out=True),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("has_bought_before", [True, False])
def test_while_stripe_fails_no_order_is_left_and_the_next_checkout_is_whole(
    alice: Phone, storefront: Storefront, everything: psycopg.Connection, name: str, *, has_bought_before: bool
) -> None:
    known = orders_of(everything, alice) if not has_bought_before else len([storefront.order(alice)])
    storefront.local.outage.begin(FAULTS[name])
    answer = alice.call("POST", CHECKOUT, STARTER)
    assert (answer.status, answer.code) == DOWN
    assert int(answer.headers["retry-after"]) >= 1
    assert orders_of(everything, alice) == len(alice.ok("GET", HISTORY)["payments"]) == known
    storefront.order(alice)
    assert orders_of(everything, alice) == known + 1


def test_when_nobody_listens_where_stripe_should_be_no_order_is_left(
    alice: Phone, api: Backend, everything: psycopg.Connection
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        nowhere = f"http://127.0.0.1:{reserved.getsockname()[1]}"
    phone = at(nowhere, alice, api)
    answer = phone.call("POST", CHECKOUT, STARTER)
    assert (answer.status, answer.code) == DOWN
    assert int(answer.headers["retry-after"]) >= 1
    assert nothing_is_left(phone, everything)


def test_when_stripe_does_not_answer_the_caller_is_not_kept_waiting(
    alice: Phone, api: Backend, everything: psycopg.Connection, vendor: VendorServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe_transport, "_READ_SECONDS", 0.2)
    vendor.answer_with(new_customer(), Answer(hangs=True))
    phone = at(vendor.url, alice, api)
    assert phone.refused("POST", CHECKOUT, STARTER) == DOWN
    assert [received.path for received in vendor.received] == ["/v1/customers", "/v1/checkout/sessions"]
    assert nothing_is_left(phone, everything)
    assert customer_of(everything, phone) is not None


def error_of(kind: str, status: int) -> Answer:
    return Answer.of_json({"error": {"type": kind, "message": "No.", "param": "line_items"}}, status=status)


ANSWERS: Mapping[str, tuple[Answer, tuple[int, str]]] = {
    "a parameter refused": (error_of("invalid_request_error", 400), REFUSED),
    "an idempotency key used otherwise": (error_of("idempotency_error", 400), DOWN),
    "our key refused": (error_of("invalid_request_error", 401), DOWN),
    "our key not allowed to": (error_of("invalid_request_error", 403), DOWN),
    "a conflict": (error_of("invalid_request_error", 409), DOWN),
    "no JSON": (Answer(body=b"<html>"), DOWN),
    "half an answer": (Answer(body=b'{"id": "cs_1"}', sent_bytes=4), DOWN),
    "a page without an address": (Answer.of_json({"id": "cs_1", "object": "checkout.session", "url": None}), DOWN),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_stripe_says_at_the_opening_of_the_page_leaves_no_order(
    alice: Phone, api: Backend, everything: psycopg.Connection, vendor: VendorServer, name: str
) -> None:
    answer, expected = ANSWERS[name]
    vendor.answer_with(new_customer(), answer)
    phone = at(vendor.url, alice, api)
    assert phone.refused("POST", CHECKOUT, STARTER) == expected
    assert nothing_is_left(phone, everything)


@pytest.mark.parametrize(("status", "expected"), [(400, REFUSED), (500, DOWN)])
def test_without_a_customer_no_order_is_begun(
    alice: Phone,
    api: Backend,
    everything: psycopg.Connection,
    vendor: VendorServer,
    status: int,
    expected: tuple[int, str],
) -> None:
    vendor.answer_with(error_of("invalid_request_error", status))
    phone = at(vendor.url, alice, api)
    assert phone.refused("POST", CHECKOUT, STARTER) == expected
    assert [received.path for received in vendor.received] == ["/v1/customers"]
    assert nothing_is_left(phone, everything)
    assert customer_of(everything, phone) is None


def test_the_order_is_written_before_stripe_hears_of_it(
    alice: Phone, api: Backend, everything: psycopg.Connection, vendor: VendorServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int]] = []
    take_next = vendor._next

    def look_first() -> Answer:
        form = parse_qs(vendor.received[-1].body.decode())
        for order_id in form.get("client_reference_id", []):
            row: Any = everything.execute("SELECT count(*) FROM payments WHERE id = %s", [order_id]).fetchone()
            seen.append((vendor.received[-1].headers["idempotency-key"], row[0]))
            assert seen[-1][0] == order_id
        return take_next()

    monkeypatch.setattr(vendor, "_next", look_first)
    session = {"id": "cs_told", "object": "checkout.session", "url": f"{vendor.url}/c/pay/cs_told"}
    vendor.answer_with(new_customer(), Answer.of_json(session))
    opened = at(vendor.url, alice, api).ok("POST", CHECKOUT, STARTER)
    assert seen == [(opened["payment_id"], 1)]


def test_what_stripe_refuses_with_is_not_repeated_to_the_caller(
    alice: Phone, api: Backend, vendor: VendorServer, caplog: pytest.LogCaptureFixture
) -> None:
    vendor.answer_with(
        Answer.of_json({"error": {"type": "invalid_request_error", "message": "canary sk_test_local"}}, status=400)
    )
    answer = at(vendor.url, alice, api).call("POST", CHECKOUT, STARTER)
    logged = json.dumps([str(vars(record)) for record in caplog.records if record.name != "stripe"])
    for secret in ("canary", "sk_test_local"):
        assert secret not in answer.body
        assert secret not in logged
