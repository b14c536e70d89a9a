"""Refunds and disputes at the local Stripe, seen through the real SDK."""

from collections.abc import Iterator

import pytest
import stripe

from dev.vendors.stripe_local import LocalStripe
from tests.fixtures.local_stripe import checkout_params, client_of, running_local_stripe


@pytest.fixture(scope="module")
def local() -> Iterator[LocalStripe]:
    with running_local_stripe() as server:
        yield server


@pytest.fixture
def client(local: LocalStripe) -> stripe.StripeClient:
    return client_of(local)


@pytest.fixture
def intent_id(client: stripe.StripeClient, local: LocalStripe) -> str:
    return local.pay(client.v1.checkout.sessions.create(checkout_params()).id).id


def charge_of(client: stripe.StripeClient, intent_id: str) -> stripe.Charge:
    charge = client.v1.payment_intents.retrieve(intent_id, {"expand": ["latest_charge"]}).latest_charge
    assert isinstance(charge, stripe.Charge)
    return charge


def told_since(local: LocalStripe, before: int) -> list[str]:
    return [event.type for event in local.events()[before:]]


def test_refunds_add_up_on_the_charge(client: stripe.StripeClient, local: LocalStripe, intent_id: str) -> None:
    before = len(local.events())
    first = client.v1.refunds.create({"payment_intent": intent_id, "amount": 200, "reason": "requested_by_customer"})
    assert (first.amount, first.status, first.reason) == (200, "succeeded", "requested_by_customer")
    assert (charge_of(client, intent_id).amount_refunded, charge_of(client, intent_id).refunded) == (200, False)
    rest = client.v1.refunds.create({"charge": str(first.charge)})
    assert rest.amount == 300
    assert (charge_of(client, intent_id).amount_refunded, charge_of(client, intent_id).refunded) == (500, True)
    assert client.v1.refunds.retrieve(rest.id).payment_intent == intent_id
    assert told_since(local, before) == ["refund.created", "charge.refunded", "refund.updated"] * 2


def test_no_more_goes_back_than_came_in(client: stripe.StripeClient, intent_id: str) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded") as refused:
        client.v1.refunds.create({"payment_intent": intent_id, "amount": 501})
    assert refused.value.param == "amount"
    client.v1.refunds.create({"payment_intent": intent_id})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": intent_id})
    assert refused.value.code == "charge_already_refunded"


def test_a_refund_arrives_later_or_comes_back(client: stripe.StripeClient, local: LocalStripe, intent_id: str) -> None:
    late = local.refund(intent_id, amount=100, is_pending=True)
    assert client.v1.refunds.retrieve(late.id).pending_reason == "processing"
    assert client.v1.refunds.retrieve(local.settle_refund(late.id).id).status == "succeeded"
    before = len(local.events())
    local.fail_refund(late.id)
    assert client.v1.refunds.retrieve(late.id).failure_reason == "lost_or_stolen_card"
    assert charge_of(client, intent_id).amount_refunded == 0
    assert told_since(local, before) == ["refund.updated", "refund.failed"]


def test_the_refund_of_a_bank_debit_takes_its_time(client: stripe.StripeClient, local: LocalStripe) -> None:
    session = client.v1.checkout.sessions.create(checkout_params())
    local.pay_by_bank_debit(session.id)
    intent_id = local.settle(session.id).id
    assert client.v1.refunds.create({"payment_intent": intent_id}).status == "pending"


@pytest.mark.parametrize(
    ("ending", "status", "told"),
    [
        (LocalStripe.win_dispute, "won", ["charge.dispute.closed", "charge.dispute.funds_reinstated"]),
        (LocalStripe.lose_dispute, "lost", ["charge.dispute.closed"]),
    ],
)
def test_a_dispute_takes_the_money_until_it_is_won(
    client: stripe.StripeClient, local: LocalStripe, intent_id: str, ending: object, status: str, told: list[str]
) -> None:
    before = len(local.events())
    dispute = local.dispute(intent_id)
    seen = client.v1.disputes.retrieve(dispute.id)
    assert (seen.status, seen.amount, seen.payment_intent) == ("needs_response", 500, intent_id)
    assert charge_of(client, intent_id).disputed
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": intent_id})
    assert refused.value.code == "charge_disputed"
    assert callable(ending)
    ending(local, dispute.id)
    assert client.v1.disputes.retrieve(dispute.id).status == status
    assert told_since(local, before) == ["charge.dispute.created", "charge.dispute.funds_withdrawn", *told]


def test_an_inquiry_takes_nothing(client: stripe.StripeClient, local: LocalStripe, intent_id: str) -> None:
    before = len(local.events())
    inquiry = local.dispute(intent_id, amount=200, is_inquiry=True)
    assert client.v1.disputes.retrieve(inquiry.id).status == "warning_needs_response"
    local.close_inquiry(inquiry.id)
    assert client.v1.disputes.retrieve(inquiry.id).status == "warning_closed"
    assert told_since(local, before) == ["charge.dispute.created", "charge.dispute.closed"]


def test_nothing_is_refunded_that_was_not_paid(client: stripe.StripeClient, local: LocalStripe) -> None:
    intent_id = local.decline(client.v1.checkout.sessions.create(checkout_params()).id).id
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": intent_id})
    with pytest.raises(stripe.InvalidRequestError, match="should be provided"):
        client.v1.refunds.create({"amount": 100})
