"""How the local Stripe delivers events: signed, until they are taken, and on demand twice, late or in any order."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import stripe

from dev.vendors.stripe_local import LocalStripe
from tests.fakes.vendor_server import Answer, Received, VendorServer, vendor_server
from tests.fixtures.local_stripe import checkout_params, client_of, running_local_stripe

OK = Answer(status=200)
PAID = ["checkout.session.completed", "payment_intent.succeeded", "charge.succeeded"]


@pytest.fixture
def hook() -> Iterator[VendorServer]:
    """Where events are delivered to; it takes all of them."""
    with vendor_server() as server:
        server.answer_with(OK)
        yield server


@pytest.fixture
def local(hook: VendorServer) -> Iterator[LocalStripe]:
    with running_local_stripe() as server:
        server.deliver_to(f"{hook.url}/hook")
        yield server


def buy(local: LocalStripe) -> str:
    session = client_of(local).v1.checkout.sessions.create(checkout_params())
    local.pay(session.id)
    return session.id


def types_of(received: list[Received]) -> list[str]:
    return [request.json()["type"] for request in received]


def test_events_are_signed_over_the_bytes_that_are_sent(local: LocalStripe, hook: VendorServer) -> None:
    session_id = buy(local)
    assert local.wait_until_delivered()
    assert types_of(hook.received) == PAID
    for request in hook.received:
        signature = request.headers["stripe-signature"]
        event = stripe.Webhook.construct_event(request.body, signature, local.signing_secret)
        assert event.api_version == stripe.api_version
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(request.body, signature, "whsec_another")
    assert hook.received[0].json()["data"]["object"]["id"] == session_id


def test_an_event_of_an_api_call_names_the_call(local: LocalStripe) -> None:
    client = client_of(local)
    session = client.v1.checkout.sessions.create(checkout_params())
    client.v1.checkout.sessions.expire(session.id, options={"idempotency_key": "expire-1"})
    cause = json.loads(local.events()[0].body)["request"]
    assert cause["id"].startswith("req_")
    assert cause["idempotency_key"] == "expire-1"


def test_an_event_comes_again_until_it_is_taken(local: LocalStripe, hook: VendorServer) -> None:
    hook.answer_with(Answer(status=503), Answer(status=400), OK)
    local.tell("product.created", {"id": "prod_1", "object": "product"})
    assert local.wait_until_delivered()
    assert len({request.body for request in hook.received}) == 1
    assert len(hook.received) == 3
    (delivery,) = local.book.tables.deliveries.values()
    assert (delivery.state, delivery.attempts, delivery.last_answer) == ("delivered", 3, "200")


def test_each_event_comes_in_as_many_copies_as_asked_for(local: LocalStripe, hook: VendorServer) -> None:
    local.control(copies=3)
    buy(local)
    assert local.wait_until_delivered()
    assert sorted(types_of(hook.received)) == sorted(PAID * 3)


def test_events_are_held_back_until_they_are_released(local: LocalStripe, hook: VendorServer) -> None:
    local.control(is_held=True)
    buy(local)
    assert not local.wait_until_delivered(0.2)
    assert hook.received == []
    local.release()
    assert local.wait_until_delivered()
    assert types_of(hook.received) == PAID


def test_a_shuffled_order_is_another_order_and_comes_back_with_its_seed() -> None:
    orders = [shuffled(seed) for seed in (1, 1, 2)]
    assert orders[0] == orders[1] != sorted(orders[0])
    assert orders[0] != orders[2]


def shuffled(seed: int) -> list[int]:
    """In which order twenty events arrive."""
    with vendor_server() as hook, running_local_stripe(seed=seed) as local:
        hook.answer_with(OK)
        local.control(is_held=True, is_shuffled=True)
        for number in range(20):
            local.tell("product.created", {"id": number, "object": "product"})
        local.deliver_to(hook.url)
        local.release()
        assert local.wait_until_delivered()
        return [request.json()["data"]["object"]["id"] for request in hook.received]


def test_nothing_waits_for_a_target_that_hangs(local: LocalStripe, hook: VendorServer) -> None:
    hook.answer_with(Answer(hangs=True), OK)
    session_id = buy(local)
    assert client_of(local).v1.checkout.sessions.retrieve(session_id).payment_status == "paid"
    hook.stop()
    local.deliver_to(None)


def test_what_was_not_delivered_survives_a_restart(tmp_path: Path, hook: VendorServer) -> None:
    path = tmp_path / "stripe.json"
    with running_local_stripe(path=path) as first:
        buy(first)
    with running_local_stripe(path=path) as second:
        second.deliver_to(hook.url)
        assert second.wait_until_delivered()
    assert types_of(hook.received) == PAID
    with running_local_stripe(path=path) as third:
        third.deliver_to(hook.url)
        assert third.wait_until_delivered()
        third.send_again(next(iter(third.book.tables.deliveries)))
        assert third.wait_until_delivered()
    assert types_of(hook.received) == [*PAID, PAID[0]]


def test_what_must_not_be_believed_can_be_told(local: LocalStripe) -> None:
    session_id = buy(local)
    assert local.falsify(session_id, amount_total=1).amount_total == 1
    assert client_of(local).v1.checkout.sessions.retrieve(session_id).amount_total == 1
    event = json.loads(local.tell("odd.thing", {"object": "odd"}, is_live=True, api_version="2019-01-01").body)
    assert (event["livemode"], event["api_version"]) == (True, "2019-01-01")
