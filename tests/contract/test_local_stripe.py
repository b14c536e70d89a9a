"""The real Stripe SDK against the local Stripe: sessions, payments, lists, and what is refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stripe

from dev.vendors.stripe_book import API_VERSION
from dev.vendors.stripe_local import LocalStripe
from tests.fixtures.local_stripe import checkout_params, client_of, running_local_stripe

DAY_SECONDS = 24 * 3_600


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def local(clock: Clock) -> Iterator[LocalStripe]:
    with running_local_stripe(clock=clock) as server:
        yield server


@pytest.fixture
def client(local: LocalStripe) -> stripe.StripeClient:
    return client_of(local)


def types_of(local: LocalStripe) -> list[str]:
    return [event.type for event in local.events()]


def test_a_customer_is_created_read_listed_and_deleted(client: stripe.StripeClient) -> None:
    created = client.v1.customers.create({"email": "a@example.com", "metadata": {"user": "1"}})
    read = client.v1.customers.retrieve(created.id)
    assert read.email == "a@example.com"
    assert read.metadata is not None
    assert read.metadata.to_dict() == {"user": "1"}
    assert [entry.id for entry in client.v1.customers.list().data] == [created.id]
    assert client.v1.customers.delete(created.id).deleted
    assert client.v1.customers.retrieve(created.id).deleted
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(checkout_params(customer=created.id))
    assert (refused.value.http_status, refused.value.code, refused.value.param) == (400, "resource_missing", "customer")


def test_a_new_session_is_open_unpaid_and_has_a_page(
    client: stripe.StripeClient, local: LocalStripe, clock: Clock
) -> None:
    session = client.v1.checkout.sessions.create(checkout_params())
    assert session.id.startswith("cs_test_")
    assert session.url == f"{local.address}/c/pay/{session.id}"
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert (session.amount_total, session.amount_subtotal, session.currency) == (500, 500, "usd")
    assert session.client_reference_id == "order-1"
    assert session.metadata is not None
    assert session.metadata.to_dict() == {"payment_id": "order-1"}
    assert session.livemode is False
    assert session.expires_at == clock.now + DAY_SECONDS
    assert session.last_response is not None
    assert str(session.last_response.headers["request-id"]).startswith("req_")


def test_a_card_pays_at_once(client: stripe.StripeClient, local: LocalStripe) -> None:
    session = client.v1.checkout.sessions.create(checkout_params())
    intent_id = local.pay(session.id).id
    paid = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge.refunds", "line_items"]}
    )
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert isinstance(paid.payment_intent, stripe.PaymentIntent)
    assert (paid.payment_intent.status, paid.payment_intent.amount_received) == ("succeeded", 500)
    charge = paid.payment_intent.latest_charge
    assert isinstance(charge, stripe.Charge)
    assert (charge.paid, charge.disputed, charge.amount_refunded) == (True, False, 0)
    assert charge.refunds is not None
    assert charge.refunds.data == []
    assert paid.line_items is not None
    assert paid.line_items.data[0].description == "50 credits"
    assert client.v1.payment_intents.retrieve(intent_id).latest_charge == charge.id
    assert "refunds" not in client.v1.charges.retrieve(charge.id).to_dict()
    assert types_of(local) == ["checkout.session.completed", "payment_intent.succeeded", "charge.succeeded"]


@pytest.mark.parametrize(
    ("ending", "payment_status", "told"),
    [
        (LocalStripe.settle, "paid", "checkout.session.async_payment_succeeded"),
        (LocalStripe.bounce, "unpaid", "checkout.session.async_payment_failed"),
    ],
)
def test_a_bank_debit_is_known_later(
    client: stripe.StripeClient, local: LocalStripe, ending: object, payment_status: str, told: str
) -> None:
    session = client.v1.checkout.sessions.create(checkout_params())
    intent_id = local.pay_by_bank_debit(session.id).id
    pending = client.v1.checkout.sessions.retrieve(session.id)
    assert (pending.status, pending.payment_status) == ("complete", "unpaid")
    assert client.v1.payment_intents.retrieve(intent_id).status == "processing"
    assert callable(ending)
    ending(local, session.id)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == payment_status
    error = client.v1.payment_intents.retrieve(intent_id).last_payment_error
    assert (error is None) == (payment_status == "paid")
    assert types_of(local)[:2] == ["checkout.session.completed", told]


def test_a_declined_card_leaves_the_session_open_for_another(client: stripe.StripeClient, local: LocalStripe) -> None:
    session = client.v1.checkout.sessions.create(checkout_params())
    local.decline(session.id)
    declined = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (declined.status, declined.payment_status) == ("open", "unpaid")
    assert isinstance(declined.payment_intent, stripe.PaymentIntent)
    assert declined.payment_intent.last_payment_error is not None
    assert declined.payment_intent.last_payment_error.code == "card_declined"
    assert local.pay(session.id).id == declined.payment_intent.id
    assert types_of(local)[0] == "payment_intent.payment_failed"


def test_a_session_expires_by_request_or_by_time_and_then_takes_no_money(
    client: stripe.StripeClient, local: LocalStripe, clock: Clock
) -> None:
    asked, waited = (client.v1.checkout.sessions.create(checkout_params()).id for _ in range(2))
    assert client.v1.checkout.sessions.expire(asked).status == "expired"
    clock.now += DAY_SECONDS
    expired = client.v1.checkout.sessions.retrieve(waited)
    assert (expired.status, expired.url) == ("expired", None)
    assert types_of(local) == ["checkout.session.expired"] * 2
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.expire(asked)


def test_the_pages_of_a_list_hold_each_session_once_the_newest_first(client: stripe.StripeClient, clock: Clock) -> None:
    made: list[str] = []
    for _ in range(7):
        made.append(client.v1.checkout.sessions.create(checkout_params()).id)
        clock.now += 10
    first = client.v1.checkout.sessions.list({"limit": 3})
    assert [entry.id for entry in first.data] == made[:3:-1]
    assert first.has_more
    assert [entry.id for entry in first.auto_paging_iter()] == made[::-1]
    since = client.v1.checkout.sessions.list({"created": {"gte": int(clock.now) - 20}})
    assert [entry.id for entry in since.data] == made[:4:-1]
    assert not since.has_more


def test_lists_are_filtered_by_payment_and_expanded(client: stripe.StripeClient, local: LocalStripe) -> None:
    sessions = [client.v1.checkout.sessions.create(checkout_params()).id for _ in range(3)]
    intents = [local.pay(session_id).id for session_id in sessions]
    refund_id = local.refund(intents[1], amount=100).id
    dispute_id = local.dispute(intents[2]).id
    found = client.v1.checkout.sessions.list(
        {"payment_intent": intents[1], "expand": ["data.payment_intent.latest_charge.refunds"]}
    ).data
    assert [entry.id for entry in found] == [sessions[1]]
    assert isinstance(found[0].payment_intent, stripe.PaymentIntent)
    charge = found[0].payment_intent.latest_charge
    assert isinstance(charge, stripe.Charge)
    assert charge.refunds is not None
    assert [entry.id for entry in charge.refunds.data] == [refund_id]
    assert [entry.id for entry in client.v1.refunds.list({"payment_intent": intents[1]}).data] == [refund_id]
    assert client.v1.refunds.list({"payment_intent": intents[0]}).data == []
    assert [entry.id for entry in client.v1.disputes.list({"payment_intent": intents[2]}).data] == [dispute_id]
    assert len(client.v1.events.list({"type": "checkout.session.completed"}).data) == 3


def test_an_event_can_be_read_again(client: stripe.StripeClient, local: LocalStripe) -> None:
    session = client.v1.checkout.sessions.create(checkout_params())
    local.pay(session.id)
    event = client.v1.events.retrieve(local.events()[0].id)
    assert (event.type, event.api_version, event.livemode) == ("checkout.session.completed", API_VERSION, False)
    assert event.data.object["id"] == session.id


@pytest.mark.parametrize(
    ("changed", "code", "param"),
    [
        ({"success_url": None}, "parameter_missing", "success_url"),
        ({"mode": "subscription"}, None, "mode"),
        ({"line_items": []}, "parameter_missing", "line_items"),
        ({"colour": "red"}, "parameter_unknown", "colour"),
        ({"success_url": "javascript:alert(1)"}, None, "success_url"),
        ({"customer": "cus_unknown"}, "resource_missing", "customer"),
        (
            {"line_items": [{"price_data": {"currency": "usd", "product_data": {"name": "x"}}, "quantity": 1}]},
            "parameter_missing",
            "line_items[0][price_data][unit_amount]",
        ),
        (
            {
                "line_items": [
                    {"price_data": {"currency": "usd", "unit_amount": 0, "product_data": {"name": "x"}}, "quantity": 1}
                ]
            },
            None,
            "line_items[0][price_data][unit_amount]",
        ),
    ],
)
def test_what_cannot_be_sold_is_refused_by_name(
    client: stripe.StripeClient, changed: dict[str, object], code: str | None, param: str
) -> None:
    fields = {name: value for name, value in checkout_params(**changed).items() if value is not None}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(fields)  # pyright: ignore[reportArgumentType] - wrong on purpose
    assert (refused.value.http_status, refused.value.code, refused.value.param) == (400, code, param)


def test_unknown_ids_and_addresses_are_not_found(client: stripe.StripeClient) -> None:
    reads = (
        lambda: client.v1.checkout.sessions.retrieve("cs_test_unknown"),
        lambda: client.v1.payment_intents.retrieve("pi_unknown"),
        lambda: client.v1.refunds.retrieve("re_unknown"),
        lambda: client.v1.events.retrieve("evt_unknown"),
        lambda: client.v1.customers.delete("cus_unknown"),
    )
    for read in reads:
        with pytest.raises(stripe.InvalidRequestError) as refused:
            read()
        assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        client.v1.products.list()


def test_what_cannot_be_expanded_is_refused(client: stripe.StripeClient) -> None:
    session = client.v1.checkout.sessions.create(checkout_params())
    for path in ("subscription", "payment_intent.invoice", "data.payment_intent"):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            client.v1.checkout.sessions.retrieve(session.id, {"expand": [path]})
        assert refused.value.param == "expand"


def test_another_key_is_refused(local: LocalStripe) -> None:
    with pytest.raises(stripe.AuthenticationError):
        client_of(local, key="sk_test_another").v1.customers.list()


def test_another_api_version_is_refused(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="pinned to"):
        client.v1.customers.list(options={"stripe_version": "2024-06-20"})


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    path = tmp_path / "stripe.json"
    with running_local_stripe(path=path) as first:
        client = client_of(first)
        open_id, paid_id = (
            client.v1.checkout.sessions.create(checkout_params(), {"idempotency_key": name}).id for name in "ab"
        )
        intent_id = first.pay(paid_id).id
        first.refund(intent_id, amount=100)
        told, secret, address = types_of(first), first.signing_secret, first.address
    with running_local_stripe(path=path) as second:
        client = client_of(second)
        again = client.v1.checkout.sessions.create(checkout_params(), {"idempotency_key": "a"})
        assert again.id == open_id
        assert (second.signing_secret, types_of(second)) == (secret, told)
        assert client.v1.checkout.sessions.list({"payment_intent": intent_id}).data[0].id == paid_id
        assert client.v1.refunds.list({"payment_intent": intent_id}).data[0].amount == 100
        url = client.v1.checkout.sessions.retrieve(open_id).url
        assert url == f"{second.address}/c/pay/{open_id}"
        assert second.address != address
        assert oct(path.stat().st_mode)[-3:] == "600"
