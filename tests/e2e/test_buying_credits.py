"""Buying credits on the running stack: through the Checkout page, and by events sent by hand."""

import json
import time
from typing import Any

import httpx
import stripe

from tests.e2e.phone import Phone
from tests.e2e.served import Served

PATIENCE_SECONDS = 60


def until_credits(phone: Phone, wanted: int) -> None:
    """Webhook, queue and worker have their turn."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (credits_left := phone.credits()) != wanted:
        assert time.monotonic() < deadline, f"still {credits_left} credits, not {wanted}"
        time.sleep(0.1)


def checkout_of(phone: Phone) -> str:
    """The address of a new Checkout page for the smallest package."""
    return phone.call("POST", "/api/payments/checkout", {"package_id": "starter"})["checkout_url"]


def sent_by_hand(served: Served, http: httpx.Client, body: str) -> httpx.Response:
    secret = http.get(f"{served.url}/dev/stripe/secret").text
    signature = stripe.WebhookSignature.generate_signature_header(body, secret)
    return http.post(f"{served.url}/api/webhooks/stripe", content=body, headers={"stripe-signature": signature})


def test_credits_are_bought_and_given_back(phone: Phone, http: httpx.Client) -> None:
    before, bought = phone.credits(), phone.call("GET", "/api/payments/packages")["packages"][0]
    page = checkout_of(phone)
    paid = http.post(page, data={"action": "card"})
    assert paid.status_code == 303
    assert http.get(paid.headers["location"]).status_code == 200
    until_credits(phone, before + bought["credits"])
    dashboard, session_id = page.split("/c/pay/")
    intent_id = intent_of(dashboard, session_id, http)
    assert http.post(f"{dashboard}/dashboard/refund-all", data={"id": intent_id}).status_code == 303
    until_credits(phone, before)


def intent_of(dashboard: str, session_id: str, http: httpx.Client) -> str:
    headers = {"authorization": "Bearer sk_test_local", "stripe-version": stripe.api_version or ""}
    session: dict[str, Any] = http.get(f"{dashboard}/v1/checkout/sessions/{session_id}", headers=headers).json()
    return session["payment_intent"]


def test_three_shuffled_copies_of_each_event_grant_once(phone: Phone, http: httpx.Client) -> None:
    before, bought = phone.credits(), phone.call("GET", "/api/payments/packages")["packages"][0]
    page = checkout_of(phone)
    control = f"{page.split('/c/pay/')[0]}/control"
    assert http.post(control, json={"copies": 3, "is_shuffled": True}).json()["copies"] == 3
    try:
        http.post(page, data={"action": "debit"})
        assert phone.credits() == before
        http.post(f"{page.split('/c/pay/')[0]}/dashboard/settle", data={"id": page.split("/c/pay/")[1]})
        until_credits(phone, before + bought["credits"])
    finally:
        http.post(control, json={"copies": 1, "is_shuffled": False})
    assert phone.credits() == before + bought["credits"]


def test_an_event_sent_by_hand_is_taken_and_a_forged_one_refused(served: Served, http: httpx.Client) -> None:
    event = {
        "id": f"evt_by_hand_{time.time_ns()}",
        "object": "event",
        "api_version": stripe.api_version,
        "created": int(time.time()),
        "type": "product.created",
        "livemode": False,
        "data": {"object": {"id": "prod_1", "object": "product"}},
    }
    body = json.dumps(event)
    assert sent_by_hand(served, http, body).status_code == 200
    forged = stripe.WebhookSignature.generate_signature_header(body, "whsec_guessed")
    answer = http.post(f"{served.url}/api/webhooks/stripe", content=body, headers={"stripe-signature": forged})
    assert answer.status_code == 400
