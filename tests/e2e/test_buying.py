"""Out of credits, and on: what buying is for, what a forger gets, what an administrator mends, over HTTP alone."""

import json
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
import stripe

from tests.e2e.phone import Phone
from tests.e2e.served import Served

PATIENCE_SECONDS = 60
STARTER = {"package_id": "starter"}

Administrator = Callable[..., Any]


@pytest.fixture
def administrator(served: Served, http: httpx.Client) -> Administrator:
    """Calls of somebody whose token bears the role."""

    def call(method: str, path: str, body: Any = None, **query: Any) -> Any:
        token = http.get(f"{served.url}/dev/token", params={"uid": "an-administrator", "role": "admin"}).text
        headers = {"authorization": f"Bearer {token}"}
        answer = http.request(method, served.url + path, json=body, params=query, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    return call


def wait_for(is_so: Callable[[], bool], what: str) -> None:
    """Webhook, queue and worker have their turn."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, f"not within {PATIENCE_SECONDS} s: {what}"
        time.sleep(0.1)


def ordered(phone: Phone) -> str:
    """The address of a new order's Checkout page."""
    return phone.call("POST", "/api/payments/checkout", STARTER)["checkout_url"]


def newest_payment(phone: Phone) -> dict[str, Any]:
    return phone.call("GET", "/api/payments/history")["payments"][0]


def pressed(phone: Phone, page: str, action: str) -> None:
    assert phone.http.post(page, data={"action": action}).status_code == 303


def acted(phone: Phone, page: str, action: str, object_id: str) -> None:
    """A button of the dashboard."""
    dashboard = page.partition("/c/pay/")[0]
    assert phone.http.post(f"{dashboard}/dashboard/{action}", data={"id": object_id}).status_code == 303


def bought(phone: Phone) -> str:
    """Credits, paid for by card and arrived; the address of the page."""
    before, page = phone.credits(), ordered(phone)
    pressed(phone, page, "card")
    wait_for(lambda: phone.credits() == before + 20, "the credits of a purchase")
    return page


def finalized_note(phone: Phone, text: str) -> tuple[str, str]:
    """A session with a marker, finalized; its id, and how that was answered."""
    session_id = phone.open_session()
    phone.call("POST", f"/api/sessions/{session_id}/blocks", {"block_type": "marker", "text_content": text})
    return session_id, phone.finalize(session_id)["status"]


def told(served: Served, http: httpx.Client, **changed: Any) -> dict[str, Any]:
    """An event signed by hand, with the secret that anyone may ask the local stack for."""
    event = {
        "id": f"evt_{uuid4().hex}",
        "object": "event",
        "api_version": stripe.api_version,
        "created": int(time.time()),
        "livemode": False,
        "type": "checkout.session.completed",
        **changed,
    }
    body = json.dumps(event)
    secret = http.get(f"{served.url}/dev/stripe/secret").text
    header = stripe.WebhookSignature.generate_signature_header(body, secret)
    answer = http.post(f"{served.url}/api/webhooks/stripe", content=body, headers={"stripe-signature": header})
    assert answer.status_code == 200
    return event


def fate_of(administrator: Administrator, event: dict[str, Any]) -> dict[str, Any]:
    """What became of an event, once something has."""

    def kept() -> dict[str, Any]:
        newest = administrator("GET", "/api/admin/webhooks", limit=100)["webhooks"]
        return next(row for row in newest if row["event_id"] == event["id"])

    wait_for(lambda: kept()["state"] != "received", "an event that is settled")
    return kept()


def completed(page: str, order_id: str) -> dict[str, Any]:
    """The data of an event about that checkout: paid, it says."""
    session_id = page.partition("/c/pay/")[2]
    thing = {"id": session_id, "object": "checkout.session", "client_reference_id": order_id, "payment_status": "paid"}
    return {"object": thing}


def test_a_session_without_credits_is_processed_after_a_purchase_and_has_a_receipt(phone: Phone) -> None:
    for number in range(3):
        assert finalized_note(phone, f"Note {number}")[1] == "pending_processing"
    session_id, answered = finalized_note(phone, "The spare key is in the blue drawer.")
    assert (answered, phone.credits()) == ("no_credits", 0)
    bought(phone)
    assert phone.call("POST", f"/api/sessions/{session_id}/process")["status"] == "pending_processing"
    assert phone.until(session_id, {"processed", "failed"})["status"] == "processed"
    assert phone.search("where did I put the key")[0]["text"] == "The spare key is in the blue drawer."
    receipt = phone.call("GET", f"/api/sessions/{session_id}/receipt")
    assert (receipt["credits_charged"], len(receipt["debits"]), receipt["refunds"]) == (1, 1, [])
    assert receipt["steps"]
    assert phone.credits() == 19
    reasons = [entry["reason"] for entry in phone.call("GET", "/api/me/credits/ledger")["entries"]]
    assert reasons == ["session", "purchase", "session", "session", "session", "trial"]


def test_credits_that_were_spent_and_refunded_are_a_debt_that_the_next_purchase_pays(
    phone: Phone, administrator: Administrator
) -> None:
    page = bought(phone)
    finalized_note(phone, "Call the plumber")
    session_id = page.partition("/c/pay/")[2]
    payments = administrator("GET", "/api/admin/payments", limit=20)["payments"]
    paid = next(payment for payment in payments if payment["stripe_session_id"] == session_id)
    gift = {"id": str(uuid4()), "credits": -phone.credits(), "reason": "spent elsewhere"}
    administrator("POST", f"/api/admin/users/{paid['user_id']}/credits", gift)
    acted(phone, page, "refund-all", paid["stripe_payment_intent_id"])
    wait_for(lambda: newest_payment(phone)["status"] == "refunded", "a refund")
    assert (newest_payment(phone)["credits_taken_back"], phone.credits()) == (20, 0)
    pressed(phone, ordered(phone), "card")
    wait_for(lambda: newest_payment(phone)["status"] == "completed", "the second purchase")
    assert phone.credits() == 0
    assert finalized_note(phone, "Book flights")[1] == "no_credits"


def test_a_bank_debit_that_bounces_grants_nothing(phone: Phone) -> None:
    page = ordered(phone)
    pressed(phone, page, "debit")
    acted(phone, page, "bounce", page.partition("/c/pay/")[2])
    wait_for(lambda: newest_payment(phone)["status"] == "failed", "a debit that bounced")
    assert (newest_payment(phone)["reason"], phone.credits()) == ("payment_failed", 3)


def test_a_checkout_nobody_pays_grants_nothing_whatever_an_event_says(
    phone: Phone, served: Served, http: httpx.Client, administrator: Administrator
) -> None:
    page = ordered(phone)
    event = told(served, http, data=completed(page, newest_payment(phone)["id"]))
    assert fate_of(administrator, event)["state"] == "applied"
    assert (newest_payment(phone)["status"], phone.credits()) == ("pending", 3)
    pressed(phone, page, "expire")
    wait_for(lambda: newest_payment(phone)["status"] == "failed", "an expired checkout")
    assert phone.credits() == 3


def test_an_event_of_another_version_waits_for_an_administrator(
    phone: Phone, served: Served, http: httpx.Client, administrator: Administrator
) -> None:
    page = bought(phone)
    order_id = newest_payment(phone)["id"]
    event = told(served, http, api_version="2025-01-01.acacia", data=completed(page, order_id))
    ignored = fate_of(administrator, event)
    assert (ignored["state"], ignored["reason"]) == ("ignored", "other_api_version")
    administrator("POST", f"/api/admin/webhooks/{ignored['id']}/replay", {"reason": "the endpoint was upgraded"})
    assert fate_of(administrator, event)["state"] == "applied"
    assert phone.credits() == 23


def test_everybody_else_is_kept_out(phone: Phone, served: Served, http: httpx.Client) -> None:
    for path in ("/api/admin/payments", "/api/admin/webhooks"):
        assert phone.answer("GET", path).status_code == 403
        assert http.get(served.url + path).status_code == 401
    other = Phone(url=served.url, http=http)
    ordered(phone)
    assert other.call("GET", "/api/payments/history")["payments"] == []
