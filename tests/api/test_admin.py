"""What administrators see and do; everybody else is told that it is not for them."""

import json
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from functions.catalogue import FUNCTIONS
from tests.api.conftest import NewPhone
from tests.fixtures.deeds import count_deeds, deeds_about, id_of
from tests.fixtures.phone import Phone
from tests.fixtures.storefront import RolePhone, Storefront, an_event

PAYMENTS = "/api/admin/payments"
WEBHOOKS = "/api/admin/webhooks"
NOBODYS = str(UUID(int=5))
ROUTES = [
    (route.method, route.path.replace("{webhook_id}", NOBODYS).replace("{user_id}", NOBODYS))
    for function in FUNCTIONS
    if function.name == "admin"
    for route in function.routes
]
BECAUSE = {"reason": "asked for by support"}


def pages(phone: Phone, path: str, name: str, **query: Any) -> list[dict[str, Any]]:
    """Every row, page by page."""
    found: list[dict[str, Any]] = []
    for _ in range(200):
        page = phone.ok("GET", path, query=query)
        found += page[name]
        if page["next_cursor"] is None:
            return found
        query["cursor"] = page["next_cursor"]
    raise AssertionError("the list has no end")


CLAIMS: list[dict[str, Any]] = [
    {},
    {"role": "Admin"},
    {"role": "ADMIN"},
    {"role": " admin"},
    {"role": "admin "},
    {"role": "user"},
    {"role": ""},
    {"role": "admin,user"},
    {"role": "administrator"},
    {"role": True},
    {"role": 1},
    {"role": None},
    {"role": ["admin"]},
    {"role": {"admin": True}},
    {"role": "[admin]"},
    {"admin": True},
    {"Role": "admin"},
    {"roles": "admin"},
    {"firebase": {"role": "admin"}},
]


@pytest.mark.parametrize("claims", CLAIMS, ids=str)
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_the_role_every_route_is_closed(
    administrator: RolePhone, everything: psycopg.Connection, method: str, path: str, claims: dict[str, Any]
) -> None:
    before = count_deeds(everything)
    somebody = RolePhone(handlers=administrator.handlers, uid=f"curious-{uuid4()}", claims=claims)
    assert somebody.refused(method, path, {**BECAUSE, "nonsense": 1}) == (403, "admin_only")
    assert count_deeds(everything) == before


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_a_token_every_route_is_closed(administrator: RolePhone, method: str, path: str) -> None:
    for uid in ("", "x" * 129):
        nobody = RolePhone(handlers=administrator.handlers, uid=uid, claims={"role": "admin"})
        assert nobody.refused(method, path) == (401, "unauthenticated")


def test_payments_of_everybody_or_of_one_user_newest_first(
    administrator: RolePhone, phone_of: NewPhone, storefront: Storefront, everything: psycopg.Connection
) -> None:
    one, other = phone_of("one"), phone_of("other")
    orders = [storefront.order(phone).id for phone in (one, other, one, one)]
    user_id = id_of(everything, one)
    of_one = pages(administrator, PAYMENTS, "payments", user_id=user_id, limit=2)
    assert [payment["id"] for payment in of_one] == [orders[3], orders[2], orders[0]]
    assert {payment["user_id"] for payment in of_one} == {user_id}
    everybodys = [payment["id"] for payment in pages(administrator, PAYMENTS, "payments", limit=3)]
    assert everybodys[:4] == orders[::-1]
    assert len(set(everybodys)) == len(everybodys)
    assert pages(administrator, PAYMENTS, "payments", user_id=str(uuid4())) == []


def test_a_payment_is_shown_with_its_names_at_stripe(
    administrator: RolePhone, alice: Phone, storefront: Storefront
) -> None:
    ordered = storefront.paid(alice)
    storefront.tell_of(ordered)
    session = storefront.local.session(ordered.session_id)
    (payment,) = administrator.ok("GET", PAYMENTS, query={"limit": 1})["payments"]
    assert payment["id"] == ordered.id
    assert (payment["status"], payment["livemode"], payment["credits"]) == ("completed", False, 20)
    names = (payment["stripe_session_id"], payment["stripe_payment_intent_id"], payment["stripe_customer_id"])
    assert names == (session.id, session.payment_intent, session.customer)


def test_events_by_state_and_type(administrator: RolePhone, storefront: Storefront, alice: Phone) -> None:
    ordered = storefront.paid(alice)
    storefront.tell_of(ordered)
    ignored = [an_event(type="invoice.paid") for _ in range(3)]
    for event in ignored:
        storefront.tell(event)
    found = pages(administrator, WEBHOOKS, "webhooks", state="ignored", type="invoice.paid", limit=1)
    assert [event["event_id"] for event in found] == [event["id"] for event in ignored[::-1]]
    assert {(event["state"], event["reason"], event["attempts"]) for event in found} == {
        ("ignored", "type_not_used", 0)
    }
    (newest,) = administrator.ok("GET", WEBHOOKS, query={"state": "applied", "limit": 1})["webhooks"]
    assert newest["about"]["order_id"] == ordered.id
    assert newest["attempts"] == 1
    assert all(newest[name].endswith("Z") for name in ("occurred_at", "created_at", "settled_at"))
    states = {event["state"] for event in pages(administrator, WEBHOOKS, "webhooks", limit=100)}
    assert {"applied", "ignored"} <= states


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        (PAYMENTS, {"user_id": "somebody"}, "value_invalid"),
        (PAYMENTS, {"status": "completed"}, "value_invalid"),
        (PAYMENTS, {"limit": 101}, "value_invalid"),
        (PAYMENTS, {"cursor": "x"}, "cursor_invalid"),
        (WEBHOOKS, {"state": "lost"}, "value_invalid"),
        (WEBHOOKS, {"state": ""}, "value_invalid"),
        (WEBHOOKS, {"type": ""}, "value_invalid"),
        (WEBHOOKS, {"type": "x" * 101}, "value_invalid"),
        (WEBHOOKS, {"type": "\x00"}, "value_invalid"),
        (WEBHOOKS, {"source": "stripe"}, "value_invalid"),
        (WEBHOOKS, {"cursor": "x"}, "cursor_invalid"),
    ],
)
def test_a_wrong_question_is_refused(administrator: RolePhone, path: str, query: dict[str, Any], code: str) -> None:
    assert administrator.refused("GET", path, query=query) == (422, code)


def webhook_id_of(storefront: Storefront, event_id: str) -> str:
    return next(str(row["id"]) for row in storefront.inbox() if row["event_id"] == event_id)


def test_an_event_of_another_version_is_applied_when_an_administrator_replays_it(
    administrator: RolePhone, storefront: Storefront, alice: Phone, everything: psycopg.Connection
) -> None:
    ordered = storefront.paid(alice)
    (told,) = storefront.events_about(ordered.session_id, "checkout.session.completed")
    event = {**json.loads(told.body), "api_version": "2025-01-01.acacia"}
    storefront.tell(event)
    assert storefront.fate(event["id"]) == ("ignored", "other_api_version")
    path = f"{WEBHOOKS}/{webhook_id_of(storefront, event['id'])}/replay"
    replayed = administrator.ok("POST", path, BECAUSE, headers={"x-request-id": "replay-1"})
    assert (replayed["event_id"], replayed["state"], replayed["reason"]) == (event["id"], "received", None)
    storefront.work()
    assert storefront.fate(event["id"]) == ("applied", None)
    assert alice.ok("GET", "/api/me/credits") == {"credits": 23}
    details = {"type": "checkout.session.completed"}
    subject = f"stripe {event['id']}"
    deed = (administrator.uid, "replay_event", subject, None, "asked for by support", details, "replay-1")
    assert deeds_about(everything, event["id"]) == [deed]


def test_replaying_what_was_applied_changes_nothing_however_often(
    administrator: RolePhone, storefront: Storefront, alice: Phone, everything: psycopg.Connection
) -> None:
    ordered = storefront.paid(alice)
    storefront.tell_of(ordered)
    (event,) = storefront.events_about(ordered.session_id, "checkout.session.completed")
    before = alice.ok("GET", "/api/payments/history"), alice.ok("GET", "/api/me/credits/ledger")
    for _ in range(3):
        administrator.ok("POST", f"{WEBHOOKS}/{webhook_id_of(storefront, event.id)}/replay", BECAUSE)
        storefront.work()
        assert storefront.fate(event.id) == ("applied", None)
    assert (alice.ok("GET", "/api/payments/history"), alice.ok("GET", "/api/me/credits/ledger")) == before
    assert len(deeds_about(everything, event.id)) == 3


def test_a_replay_outlives_a_queue_that_is_down(administrator: RolePhone, storefront: Storefront) -> None:
    event = an_event(type="refund.created")
    storefront.tell(event)
    storefront.work()
    storefront.api.queue.down.add("apply-payment")
    administrator.ok("POST", f"{WEBHOOKS}/{webhook_id_of(storefront, event['id'])}/replay", BECAUSE)
    assert storefront.fate(event["id"]) == ("received", None)


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "  a "}, {"reason": "x" * 501}, {**BECAUSE, "x": 1}])
def test_a_replay_says_why(
    administrator: RolePhone, storefront: Storefront, everything: psycopg.Connection, body: dict[str, Any]
) -> None:
    event = an_event(type="invoice.paid")
    storefront.tell(event)
    path = f"{WEBHOOKS}/{webhook_id_of(storefront, event['id'])}/replay"
    assert administrator.refused("POST", path, body) == (422, "value_invalid")
    assert storefront.fate(event["id"]) == ("ignored", "type_not_used")
    assert deeds_about(everything, event["id"]) == []


@pytest.mark.parametrize("webhook_id", [NOBODYS, "evt_1", "%00"])
def test_an_event_nobody_knows_is_not_replayed(
    administrator: RolePhone, everything: psycopg.Connection, webhook_id: str
) -> None:
    before = count_deeds(everything)
    assert administrator.refused("POST", f"{WEBHOOKS}/{webhook_id}/replay", BECAUSE) == (404, "not_found")
    assert count_deeds(everything) == before
