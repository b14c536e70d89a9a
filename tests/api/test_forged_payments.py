"""Whatever Stripe's facts say that our order does not: kept as ignored with the reason, and never a credit."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from dev.vendors import stripe_checkout_shape
from shared.ids import UserId
from shared.payments.reconcile_payments import reconcile_payments
from tests.api.conftest import NewPhone
from tests.fixtures.local_stripe import checkout_params, client_of
from tests.fixtures.phone import Phone
from tests.fixtures.storefront import Ordered, Storefront, an_event, checkout_handler

COMPLETED = "checkout.session.completed"


def credits_of(phone: Phone) -> int:
    return phone.ok("GET", "/api/me/credits")["credits"]


def status_of(phone: Phone) -> str:
    return phone.ok("GET", "/api/payments/history")["payments"][0]["status"]


def completed_event(storefront: Storefront, ordered: Ordered) -> dict[str, Any]:
    (event,) = storefront.events_about(ordered.session_id, COMPLETED)
    return json.loads(event.body)


def judged(storefront: Storefront, event: Mapping[str, Any]) -> tuple[str, str | None] | None:
    """What became of an event, delivered now."""
    assert storefront.tell(event).status == 200
    storefront.work()
    return storefront.fate(event["id"])


def other_metadata(storefront: Storefront, ordered: Ordered, **changed: str) -> dict[str, Any]:
    metadata = dict(storefront.local.session(ordered.session_id).metadata)
    return {"metadata": {name: value for name, value in {**metadata, **changed}.items() if value}}


Forgery = Callable[[Storefront, Ordered], dict[str, Any]]

FORGERIES: dict[str, tuple[Forgery, str]] = {
    "a cent less": (lambda _s, _o: {"amount_total": 498}, "amount_differs"),
    "a cent more": (lambda _s, _o: {"amount_total": 500}, "amount_differs"),
    "for nothing": (lambda _s, _o: {"amount_total": 0}, "amount_differs"),
    "yen": (lambda _s, _o: {"currency": "jpy"}, "currency_differs"),
    "dollars in capitals": (lambda _s, _o: {"currency": "USD"}, "currency_differs"),
    "another customer": (lambda _s, _o: {"customer": "cus_of_somebody"}, "owner_differs"),
    "no customer": (lambda _s, _o: {"customer": None}, "owner_differs"),
    "another user": (lambda s, o: other_metadata(s, o, user_id=str(uuid4())), "owner_differs"),
    "no user": (lambda s, o: other_metadata(s, o, user_id=""), "owner_differs"),
    "a larger package": (lambda s, o: other_metadata(s, o, package_id="large"), "package_differs"),
    "no package": (lambda s, o: other_metadata(s, o, package_id=""), "package_differs"),
    "no metadata at all": (lambda _s, _o: {"metadata": {}}, "owner_differs"),
    "another order": (lambda _s, _o: {"client_reference_id": str(uuid4())}, "order_differs"),
    "no order any more": (lambda _s, _o: {"client_reference_id": None}, "order_differs"),
    "an order that is no id": (lambda _s, _o: {"client_reference_id": "order-1"}, "order_differs"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_checkout_that_is_not_as_ordered_grants_nothing_and_an_honest_one_still_does(
    storefront: Storefront, alice: Phone, name: str
) -> None:
    forge, reason = FORGERIES[name]
    ordered = storefront.paid(alice)
    honest = storefront.local.session(ordered.session_id)
    event = completed_event(storefront, ordered)
    storefront.local.falsify(ordered.session_id, **forge(storefront, ordered))
    assert judged(storefront, event) == ("ignored", reason)
    assert (credits_of(alice), status_of(alice)) == (3, "pending")
    with storefront.local.change() as book:
        book.put_session(honest)
    assert judged(storefront, {**event, "id": f"evt_{uuid4().hex}"}) == ("applied", None)
    assert (credits_of(alice), status_of(alice)) == (23, "completed")


@pytest.mark.parametrize(("field", "value", "reason"), [
    ("mode", "subscription", "checkout_differs"),
    ("mode", "setup", "checkout_differs"),
    ("livemode", True, "livemode_differs"),
])  # fmt: skip
def test_a_checkout_of_another_kind_grants_nothing(
    storefront: Storefront, alice: Phone, monkeypatch: pytest.MonkeyPatch, field: str, value: object, reason: str
) -> None:
    event = completed_event(storefront, storefront.paid(alice))
    monkeypatch.setitem(stripe_checkout_shape._ALWAYS_THE_SAME, field, value)
    assert judged(storefront, event) == ("ignored", reason)
    assert (credits_of(alice), status_of(alice)) == (3, "pending")


def test_an_order_of_the_live_shop_is_not_paid_with_test_money(storefront: Storefront, alice: Phone) -> None:
    live = checkout_handler(storefront.api.db, storefront.provider, livemode=True)
    phone = Phone(handlers={**alice.handlers, "checkout": live}, uid=alice.uid)
    ordered = storefront.paid(phone)
    assert judged(storefront, completed_event(storefront, ordered)) == ("ignored", "livemode_differs")
    assert credits_of(alice) == 3


def test_a_second_checkout_that_names_the_same_order_grants_nothing(storefront: Storefront, alice: Phone) -> None:
    ordered = storefront.order(alice)
    ours = storefront.local.session(ordered.session_id)
    twin = client_of(storefront.local).v1.checkout.sessions.create(
        checkout_params(client_reference_id=ordered.id, customer=ours.customer, metadata=dict(ours.metadata))
    )
    storefront.local.falsify(twin.id, amount_total=ours.amount_total)
    storefront.local.pay(twin.id)
    event = completed_event(storefront, Ordered(id=ordered.id, session_id=twin.id))
    assert judged(storefront, event) == ("ignored", "checkout_differs")
    assert credits_of(alice) == 3


def test_one_users_payment_cannot_be_turned_into_anothers_credits(storefront: Storefront, phone_of: NewPhone) -> None:
    payer, thief = phone_of("payer"), phone_of("thief")
    paid, wanted = storefront.paid(payer), storefront.order(thief)
    event = completed_event(storefront, paid)
    event["data"]["object"]["client_reference_id"] = wanted.id
    assert judged(storefront, event) == ("ignored", "order_differs")
    assert [credits_of(phone) for phone in (payer, thief)] == [3, 3]
    storefront.local.falsify(paid.session_id, client_reference_id=wanted.id)
    assert judged(storefront, {**event, "id": f"evt_{uuid4().hex}"}) == ("ignored", "owner_differs")
    assert [credits_of(phone) for phone in (payer, thief)] == [3, 3]


def test_an_event_signed_by_hand_for_a_checkout_nobody_paid_grants_nothing(
    storefront: Storefront, alice: Phone
) -> None:
    ordered = storefront.order(alice)
    thing = {
        "id": ordered.session_id,
        "object": "checkout.session",
        "client_reference_id": ordered.id,
        "payment_status": "paid",
        "status": "complete",
        "amount_total": 499,
    }
    for kind in (COMPLETED, "checkout.session.async_payment_succeeded"):
        assert judged(storefront, an_event(type=kind, data={"object": thing})) == ("applied", None)
    assert (credits_of(alice), status_of(alice)) == (3, "pending")


@pytest.mark.parametrize("kind", ["charge.refunded", "charge.dispute.created", "checkout.session.expired"])
def test_an_event_signed_by_hand_takes_no_credits_back(storefront: Storefront, alice: Phone, kind: str) -> None:
    ordered = storefront.paid(alice)
    storefront.tell_of(ordered)
    session = storefront.local.session(ordered.session_id)
    thing = {"id": "x_1", "object": "charge", "payment_intent": session.payment_intent, "amount_refunded": 499}
    assert judged(storefront, an_event(type=kind, data={"object": thing})) == ("applied", None)
    assert (credits_of(alice), status_of(alice)) == (23, "completed")


NOT_OURS: dict[str, dict[str, Any]] = {
    "a checkout of another product": {"object": "checkout.session", "id": "cs_1", "client_reference_id": None},
    "a checkout that names something else": {
        "object": "checkout.session",
        "id": "cs_1",
        "client_reference_id": "order-1",
    },
    "an order that is unknown": {
        "object": "checkout.session",
        "id": "cs_1",
        "client_reference_id": str(UUID(int=7)),
    },
    "a payment that is unknown": {"object": "charge", "id": "ch_1", "payment_intent": "pi_nobodys"},
    "a charge without a payment": {"object": "charge", "id": "ch_1", "payment_intent": None},
    "nothing at all": {},
}


@pytest.mark.parametrize("name", NOT_OURS)
def test_what_is_not_ours_is_kept_as_such(storefront: Storefront, name: str) -> None:
    assert judged(storefront, an_event(data={"object": NOT_OURS[name]})) == ("ignored", "not_ours")


def test_a_refund_of_another_products_payment_is_not_ours(storefront: Storefront) -> None:
    other = client_of(storefront.local).v1.checkout.sessions.create(checkout_params(client_reference_id=None))
    intent = storefront.local.pay(other.id)
    storefront.local.refund(intent.id)
    for event in storefront.events_about(intent.id, "charge.refunded"):
        assert judged(storefront, json.loads(event.body)) == ("ignored", "not_ours")


def test_an_order_whose_checkout_stripe_does_not_know_grants_nothing(storefront: Storefront, alice: Phone) -> None:
    ordered = storefront.order(alice)
    thing = {"object": "checkout.session", "id": "cs_test_gone", "client_reference_id": ordered.id}
    assert judged(storefront, an_event(data={"object": thing})) == ("ignored", "checkout_unknown")
    assert status_of(alice) == "pending"


def test_a_payment_of_somebody_who_is_gone_is_not_ours(
    storefront: Storefront, alice: Phone, everything: psycopg.Connection
) -> None:
    event = completed_event(storefront, storefront.paid(alice))
    row: Any = everything.execute("SELECT id FROM users WHERE firebase_uid = %s", [alice.uid]).fetchone()
    everything.execute("DELETE FROM users WHERE id = %s", [UserId(row[0])])
    assert judged(storefront, event) == ("ignored", "not_ours")


def test_reconciling_believes_a_forged_checkout_no_more_than_an_event_does(
    storefront: Storefront, alice: Phone, api_system_db: Any
) -> None:
    ordered = storefront.paid(alice)
    storefront.local.falsify(ordered.session_id, amount_total=1)
    for _ in range(2):
        assert reconcile_payments(api_system_db, storefront.provider).differing >= 1
        assert (credits_of(alice), status_of(alice)) == (3, "pending")
    with storefront.local.change() as book:
        book.put_session(replace(book.tables.sessions[ordered.session_id], amount_total=499))
    reconcile_payments(api_system_db, storefront.provider)
    assert (credits_of(alice), status_of(alice)) == (23, "completed")
