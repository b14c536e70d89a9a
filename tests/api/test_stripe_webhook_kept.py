"""What Stripe signed is kept once, as where to look, and handed over; what is not for us is kept as ignored."""

import json
import os
import subprocess
import sys
import time
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from shared.db.connection import Database
from shared.db.database_url import read_database_url
from shared.inbox.hand_over_due import hand_over_due
from tests.fixtures.captured import Backend
from tests.fixtures.phone import Phone, event_of
from tests.fixtures.storefront import (
    SECRET,
    WEBHOOK,
    Storefront,
    an_event,
    body_of,
    signature_of,
    v1_of,
    webhook_handler,
)


@pytest.mark.parametrize("seconds", [-295, 0, 55])
def test_an_event_of_these_minutes_is_kept_and_announced(storefront: Storefront, seconds: int) -> None:
    event = an_event()
    body = json.dumps(event).encode()
    answer = storefront.post(body, {"stripe-signature": signature_of(body, at=time.time() + seconds)})
    assert (answer.status, answer.json()) == (200, {"received": True})
    assert storefront.fate(event["id"]) == ("received", None)
    assert storefront.api.queue.names() == ["apply-payment"]


def test_the_headers_name_may_be_in_any_case_and_a_second_signature_may_stand_beside(storefront: Storefront) -> None:
    for name in ("Stripe-Signature", "STRIPE-SIGNATURE"):
        event = an_event()
        body = json.dumps(event).encode()
        header = signature_of(body)
        assert storefront.post(body, {name: f"{header},v1={'0' * 64},v0=old"}).status == 200
        assert storefront.fate(event["id"]) == ("received", None)


def test_a_body_that_the_gateway_sends_in_base64_is_checked_as_it_was_sent(storefront: Storefront) -> None:
    event = an_event(note="\u00e9")
    body = json.dumps(event, ensure_ascii=False, indent=2).encode()
    headers = {"stripe-signature": signature_of(body), "content-type": "application/octet-stream"}
    sent = event_of("POST", WEBHOOK, claims=None, body=body, headers=headers)
    assert sent["isBase64Encoded"]
    nobody = Phone(handlers=storefront.handlers, uid=None)
    assert nobody.send(sent, "stripe-webhook").status == 200
    assert storefront.fate(event["id"]) == ("received", None)
    assert nobody.send({**sent, "body": "%%%"}, "stripe-webhook").status == 400


def test_the_event_itself_is_not_kept_only_where_to_look(storefront: Storefront, alice: Phone) -> None:
    ordered = storefront.paid(alice)
    (event,) = storefront.events_about(ordered.session_id, "checkout.session.completed")
    assert f"{alice.uid}@example.org" in event.body
    storefront.tell(event)
    (kept,) = [row for row in storefront.inbox() if row["event_id"] == event.id]
    intent = storefront.local.session(ordered.session_id).payment_intent
    assert kept["about"] == {
        "checkout_session": ordered.session_id,
        "order_id": ordered.id,
        "payment_intent": intent,
        "object": ordered.session_id,
    }


def test_while_a_secret_is_rotated_both_are_good_and_afterwards_the_new_one_only(api: Backend) -> None:
    body = body_of()

    def answered(secret: str, *configured: str) -> int:
        nobody = Phone(handlers={"stripe-webhook": webhook_handler(api, *configured)}, uid=None)
        headers = {"stripe-signature": signature_of(body, secret)}
        return nobody.send(event_of("POST", WEBHOOK, claims=None, body=body, headers=headers), "stripe-webhook").status

    assert [answered(secret, "old") for secret in ("old", "new")] == [200, 400]
    assert [answered(secret, "new", "old") for secret in ("old", "new", "other")] == [200, 200, 400]
    assert [answered(secret, "new") for secret in ("old", "new")] == [400, 200]
    assert [answered(secret, "new", "") for secret in ("", " ", "new")] == [400, 400, 200]


@pytest.mark.parametrize("previous", ["", " ", "whsec_old"])
def test_a_previous_secret_that_is_empty_opens_nothing(previous: str) -> None:
    variables = {
        **os.environ,
        "DATABASE_URL": "postgresql://nobody@/nothing",
        "STRIPE_MODE": "test",
        "STRIPE_WEBHOOK_SECRET": SECRET,
        "STRIPE_WEBHOOK_SECRET_PREVIOUS": previous,
        "AWS_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "AKID",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "QUEUE_URL_PREFIX": "http://127.0.0.1/0/",
        "QUEUE_ENDPOINT_URL": "http://127.0.0.1:9",
    }
    asking = "from functions.api.stripe_webhook.handler import routes; print(list(routes.secrets))"
    command = [sys.executable, "-c", asking]
    told = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.strip() == str([SECRET, "whsec_old"] if previous.strip() else [SECRET])
    without = {**variables, "STRIPE_WEBHOOK_SECRET": previous if not previous.strip() else ""}
    refused = subprocess.run(command, env=without, capture_output=True, text=True, timeout=60, check=False)
    assert "STRIPE_WEBHOOK_SECRET is missing" in refused.stderr


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"livemode": True}, "other_mode"),
        ({"type": "customer.created"}, "type_not_used"),
        ({"type": "invoice.paid"}, "type_not_used"),
        ({"api_version": "2025-01-01.acacia"}, "other_api_version"),
        ({"api_version": None}, "other_api_version"),
    ],
)
def test_what_is_not_for_us_is_kept_as_ignored_with_the_reason_and_never_applied(
    storefront: Storefront, alice: Phone, changed: dict[str, Any], reason: str
) -> None:
    ordered = storefront.paid(alice)
    (event,) = storefront.events_about(ordered.session_id, "checkout.session.completed")
    told = {**json.loads(event.body), "id": f"evt_{uuid4().hex}", **changed}
    for _ in range(2):
        assert storefront.tell(told).status == 200
    assert storefront.fate(told["id"]) == ("ignored", reason)
    assert storefront.api.queue.sent == []
    storefront.work()
    assert alice.ok("GET", "/api/me/credits") == {"credits": 3}
    assert alice.ok("GET", "/api/payments/history")["payments"][0]["status"] == "pending"


def test_a_live_shop_ignores_what_is_only_a_test(api: Backend, storefront: Storefront) -> None:
    handlers = {"stripe-webhook": webhook_handler(api, livemode=True)}
    body = body_of()
    headers = {"stripe-signature": signature_of(body)}
    sent = event_of("POST", WEBHOOK, claims=None, body=body, headers=headers)
    assert Phone(handlers=handlers, uid=None).send(sent, "stripe-webhook").status == 200
    assert storefront.fate(json.loads(body)["id"]) == ("ignored", "other_mode")


def test_an_event_told_a_hundred_times_is_kept_announced_and_granted_once(storefront: Storefront, alice: Phone) -> None:
    ordered = storefront.paid(alice)
    (event,) = storefront.events_about(ordered.session_id, "checkout.session.completed")
    assert [storefront.tell(event).status for _ in range(50)] == [200] * 50
    assert storefront.api.queue.names() == ["apply-payment"]
    storefront.work()
    assert [storefront.tell(event).status for _ in range(50)] == [200] * 50
    storefront.work()
    assert [row["event_id"] for row in storefront.inbox()].count(event.id) == 1
    assert storefront.fate(event.id) == ("applied", None)
    assert alice.ok("GET", "/api/me/credits") == {"credits": 23}


def test_the_request_id_is_kept_with_the_event(storefront: Storefront) -> None:
    event = an_event()
    body = json.dumps(event).encode()
    storefront.post(body, {"stripe-signature": signature_of(body), "x-request-id": "delivery-1"})
    (kept,) = [row for row in storefront.inbox() if row["event_id"] == event["id"]]
    assert kept["correlation_id"] == "delivery-1"
    assert [message.correlation_id for message in storefront.api.queue.sent_to("apply-payment")] == ["delivery-1"]


def test_while_the_database_is_away_stripe_is_told_to_come_again(
    storefront: Storefront, api_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(storefront.inbox())
    with monkeypatch.context() as away:
        api_db.close()
        away.setattr(api_db, "_url", read_database_url("postgresql://nobody@/nothing?host=/nowhere"))
        answer = storefront.post(body_of())
        assert (answer.status, answer.code) == (503, "database_unavailable")
        assert storefront.post(body_of(), {}).status == 400
    assert len(storefront.inbox()) == before
    assert storefront.post(body_of()).status == 200


def test_while_the_queue_is_away_the_event_is_kept_and_the_sweep_hands_it_over(
    storefront: Storefront, alice: Phone, api_system_db: Database, everything: psycopg.Connection
) -> None:
    ordered = storefront.paid(alice)
    queue = storefront.api.queue
    queue.down.add("apply-payment")
    storefront.tell_of(ordered)
    assert alice.ok("GET", "/api/me/credits") == {"credits": 3}
    queue.down.clear()
    everything.execute("UPDATE inbox SET due_at = now() + interval '1 hour' WHERE state = 'received'")
    assert hand_over_due(api_system_db, queue) == 0
    event_id = storefront.events_about(ordered.session_id, "checkout.session.completed")[0].id
    everything.execute("UPDATE inbox SET due_at = now() - interval '1 second' WHERE event_id = %s", [event_id])
    assert hand_over_due(api_system_db, queue) == 1
    storefront.work()
    assert alice.ok("GET", "/api/me/credits") == {"credits": 23}
    assert hand_over_due(api_system_db, queue) == 0


def test_neither_secrets_nor_bodies_nor_signatures_reach_the_log(
    storefront: Storefront, caplog: pytest.LogCaptureFixture
) -> None:
    body = body_of(note="canary")
    storefront.post(body)
    storefront.post(body, {"stripe-signature": f"{signature_of(body)}0"})
    logged = "\n".join(str(vars(record)) for record in caplog.records)
    assert "answered" in logged
    for secret in (SECRET, "canary", v1_of(body)):
        assert secret not in logged
