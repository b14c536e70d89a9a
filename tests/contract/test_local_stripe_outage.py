"""Idempotency keys at the local Stripe, and what the SDK makes of its failures."""

from collections.abc import Iterator

import pytest
import stripe

from dev.vendors.stripe_idempotency import KEPT_SECONDS
from dev.vendors.stripe_local import LocalStripe
from dev.vendors.stripe_outage import Fault
from tests.fixtures.local_stripe import checkout_params, client_of, running_local_stripe

KEY: stripe.RequestOptions = {"idempotency_key": "order-1"}


@pytest.fixture
def times() -> list[float]:
    """The last is now."""
    return [1_800_000_000.0]


@pytest.fixture
def local(times: list[float]) -> Iterator[LocalStripe]:
    with running_local_stripe(clock=lambda: times[-1]) as server:
        yield server


@pytest.fixture
def client(local: LocalStripe) -> stripe.StripeClient:
    return client_of(local)


def replayed(session: stripe.checkout.Session) -> bool:
    assert session.last_response is not None
    return session.last_response.headers.get("idempotent-replayed") == "true"


def test_the_same_key_gives_the_same_answer(client: stripe.StripeClient, local: LocalStripe) -> None:
    first = client.v1.checkout.sessions.create(checkout_params(), KEY)
    local.pay(first.id)
    again = client.v1.checkout.sessions.create(checkout_params(), KEY)
    assert (again.id, again.status) == (first.id, "open")  # as it was answered, not as it is
    assert (replayed(first), replayed(again)) == (False, True)
    assert len(client.v1.checkout.sessions.list().data) == 1


def test_the_same_key_with_other_parameters_is_refused(client: stripe.StripeClient) -> None:
    client.v1.checkout.sessions.create(checkout_params(), KEY)
    with pytest.raises(stripe.IdempotencyError) as refused:
        client.v1.checkout.sessions.create(checkout_params(client_reference_id="order-2"), KEY)
    assert refused.value.http_status == 400


def test_a_key_is_forgotten_after_a_day(client: stripe.StripeClient, times: list[float]) -> None:
    first = client.v1.checkout.sessions.create(checkout_params(), KEY)
    times.append(times[-1] + KEPT_SECONDS)
    assert client.v1.checkout.sessions.create(checkout_params(), KEY).id != first.id


def test_a_request_that_is_wrong_in_itself_does_not_use_its_key_up(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(checkout_params(mode="gift"), KEY)
    assert client.v1.checkout.sessions.create(checkout_params(), KEY).status == "open"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(kind="server_error"), stripe.APIError),
        (Fault(kind="rate_limit", retry_after_seconds=3), stripe.RateLimitError),
        (Fault(kind="cut"), stripe.APIConnectionError),
        (Fault(kind="hang", hang_seconds=0.1), stripe.APIConnectionError),
    ],
)
def test_a_failing_stripe_raises_what_the_sdk_names_it(
    client: stripe.StripeClient, local: LocalStripe, fault: Fault, error: type[stripe.StripeError]
) -> None:
    local.outage.begin(fault)
    with pytest.raises(error) as failed:
        client.v1.checkout.sessions.create(checkout_params())
    headers = {name.lower(): value for name, value in (failed.value.headers or {}).items()}
    assert headers.get("retry-after") == ("3" if fault.kind == "rate_limit" else None)
    assert client.v1.checkout.sessions.list().data == []
    assert [request.status for request in local.requests] == [
        {"server_error": 500, "rate_limit": 429}.get(fault.kind, 0),
        200,
    ]


def test_a_lost_answer_is_found_again_by_its_key(local: LocalStripe) -> None:
    local.outage.begin(Fault(kind="cut", is_carried_out=True))
    session = client_of(local, max_network_retries=1).v1.checkout.sessions.create(checkout_params(), KEY)
    assert replayed(session)
    assert [entry.status for entry in local.requests] == [0, 200]
    assert len(local.book.tables.sessions) == 1


def test_a_kept_failure_stays_with_its_key(client: stripe.StripeClient, local: LocalStripe) -> None:
    local.outage.begin(Fault(kind="server_error", is_kept=True))
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            client.v1.checkout.sessions.create(checkout_params(), KEY)
    assert client.v1.checkout.sessions.create(checkout_params(), {"idempotency_key": "another"}).status == "open"
