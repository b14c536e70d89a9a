"""The local Stripe's pages and controls as plain HTTP: what a browser shows stands in tests/e2e."""

import time
from collections.abc import Iterator
from html import escape
from pathlib import Path

import httpx
import pytest

from dev.vendors.stripe_book import API_VERSION
from dev.vendors.stripe_local import LocalStripe
from tests.fixtures.local_stripe import checkout_params, client_of, running_local_stripe

SCRIPT = "<script>alert('\"&')</script>"


@pytest.fixture
def local() -> Iterator[LocalStripe]:
    with running_local_stripe() as server:
        yield server


@pytest.fixture
def http(local: LocalStripe) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=local.address, trust_env=False) as client:
        yield client


def session_of(local: LocalStripe, **others: object) -> str:
    return client_of(local).v1.checkout.sessions.create(checkout_params(**others)).id


@pytest.mark.parametrize(
    ("action", "leads_to", "status"),
    [
        ("card", "http://127.0.0.1:9/paid?session={id}", "complete"),
        ("debit", "http://127.0.0.1:9/paid?session={id}", "complete"),
        ("decline", "/c/pay/{id}", "open"),
        ("leave", "http://127.0.0.1:9/left", "open"),
        ("expire", "/c/pay/{id}", "expired"),
        ("dance", "/c/pay/{id}", "open"),
    ],
)
def test_each_button_leads_where_it_says(
    local: LocalStripe, http: httpx.Client, action: str, leads_to: str, status: str
) -> None:
    session_id = session_of(local)
    answer = http.post(f"/c/pay/{session_id}", data={"action": action})
    assert (answer.status_code, answer.headers["location"]) == (303, leads_to.replace("{id}", session_id))
    assert local.session(session_id).status == status


def test_a_page_is_paid_once(local: LocalStripe, http: httpx.Client) -> None:
    page = f"/c/pay/{session_of(local)}"
    http.post(page, data={"action": "card"})
    again = http.post(page, data={"action": "card"})
    assert again.status_code == 400
    assert "This one is complete" in again.text
    assert len(local.book.tables.charges) == 1


def test_an_unknown_page_is_not_found(http: httpx.Client) -> None:
    assert http.get("/c/pay/cs_test_unknown").status_code == 404
    assert http.post("/c/pay/cs_test_unknown", data={"action": "card"}).status_code == 404
    assert http.post("/dashboard/dance", data={"id": "x"}).status_code == 404
    assert http.post("/dashboard/refund-all", data={"id": "pi_unknown"}).status_code == 400


def test_nothing_written_from_outside_becomes_markup(local: LocalStripe, http: httpx.Client) -> None:
    price = {"currency": "usd", "unit_amount": 500, "product_data": {"name": SCRIPT}}
    session_id = session_of(
        local,
        line_items=[{"price_data": price, "quantity": 2}],
        client_reference_id=SCRIPT,
        customer_email=SCRIPT,
        success_url=f"http://127.0.0.1:9/{SCRIPT}".replace(" ", ""),
    )
    local.pay(session_id)
    local.tell(SCRIPT, {"object": SCRIPT})
    for path in (f"/c/pay/{session_id}", "/"):
        page = http.get(path).text
        assert "<script" not in page
        assert escape(SCRIPT) in page


def test_a_control_that_is_not_named_stays_as_it_is(http: httpx.Client) -> None:
    assert http.post("/control", json={"copies": 3}).json() == {"copies": 3, "is_shuffled": False, "is_held": False}
    assert http.post("/control", data={"is_held": "true"}).status_code == 303
    assert http.post("/control", json={"is_shuffled": True}).json() == {
        "copies": 3,
        "is_shuffled": True,
        "is_held": True,
    }
    assert http.post("/control", json={"release": True}).json()["is_held"] is False


@pytest.mark.parametrize("body", [b'{"copies":6}', b'{"copies":0}', b'{"colour":"red"}', b"[1]", b"{", b"\xff"])
def test_a_wrong_control_changes_nothing(local: LocalStripe, http: httpx.Client, body: bytes) -> None:
    before = local.controls
    for path in ("/control", "/outage"):
        assert http.post(path, content=body, headers={"content-type": "application/json"}).status_code == 400
    assert local.controls == before


def test_an_outage_begins_and_ends_by_request(local: LocalStripe, http: httpx.Client) -> None:
    key = {"authorization": f"Bearer {local.api_key}", "stripe-version": API_VERSION}
    assert http.post("/outage", json={"kind": "rate_limit", "requests": 2, "retry_after_seconds": 7}).status_code == 200
    limited = http.get("/v1/customers", headers=key)
    assert (limited.status_code, limited.headers["retry-after"]) == (429, "7")
    http.post("/outage", json={"requests": 0})
    assert client_of(local).v1.customers.list().data == []


def test_reading_writes_no_file(tmp_path: Path) -> None:
    path = tmp_path / "stripe.json"
    with running_local_stripe(path=path) as local:
        until_written(path)
        path.unlink()
        client_of(local).v1.customers.list()
        with httpx.Client(base_url=local.address, trust_env=False) as http:
            assert http.get("/").status_code == 200
        assert local._file is not None
        assert not local._file._is_changed.is_set()
        assert not path.exists()
    assert path.exists()


def until_written(path: Path) -> None:
    """The signing secret is kept before anything happens."""
    deadline = time.monotonic() + 10
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
