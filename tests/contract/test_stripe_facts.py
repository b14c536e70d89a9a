"""What StripeProvider reads of Stripe: how far a checkout has come, and every refund and dispute of it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stripe

from dev.vendors.stripe_local import LocalStripe
from dev.vendors.stripe_outage import Fault
from shared.errors import VendorDown
from shared.payments.model import CheckoutFacts, Progress, Reversal
from shared.payments.stripe_facts import of_dispute
from shared.payments.stripe_provider import StripeProvider
from tests.fakes.vendor_server import Answer, VendorServer
from tests.fixtures.checkouts import NOW, facts_of, opened, read_vendor
from tests.fixtures.local_stripe import checkout_params, client_of, running_local_stripe
from tests.fixtures.storefront import provider_at


@pytest.fixture(scope="module")
def local() -> Iterator[LocalStripe]:
    with running_local_stripe() as server:
        yield server


@pytest.fixture
def provider(local: LocalStripe) -> StripeProvider:
    return provider_at(local.address)


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[VendorServer]:
    with read_vendor(monkeypatch) as server:
        yield server


@pytest.mark.parametrize(
    ("life", "progress"),
    [
        (lambda _local, _session: None, Progress.UNDERWAY),
        (lambda local, session: local.decline(session), Progress.UNDERWAY),
        (lambda local, session: local.pay(session), Progress.PAID),
        (lambda local, session: local.expire(session), Progress.EXPIRED),
        (lambda local, session: local.pay_by_bank_debit(session), Progress.UNDERWAY),
        (lambda local, session: (local.pay_by_bank_debit(session), local.settle(session)), Progress.PAID),
        (lambda local, session: (local.pay_by_bank_debit(session), local.bounce(session)), Progress.PAYMENT_FAILED),
    ],
)
def test_how_far_a_checkout_has_come(
    provider: StripeProvider, local: LocalStripe, life: Callable[[LocalStripe, str], Any], progress: Progress
) -> None:
    session_id = opened(provider)
    life(local, session_id)
    assert facts_of(provider, session_id).progress is progress


def reversal_of(provider: StripeProvider, session_id: str) -> Reversal:
    (reversal,) = facts_of(provider, session_id).reversals
    return reversal


def test_a_refund_stands_until_it_fails(provider: StripeProvider, local: LocalStripe) -> None:
    session_id = opened(provider)
    refund = local.refund(local.pay(session_id).id, amount=999, is_pending=True)
    pending = reversal_of(provider, session_id)
    assert (pending.id, pending.amount_cents, pending.stands, pending.is_final) == (refund.id, 999, True, False)
    local.settle_refund(refund.id)
    assert reversal_of(provider, session_id).is_final
    local.fail_refund(refund.id)
    failed = reversal_of(provider, session_id)
    assert (failed.stands, failed.is_final) == (False, False)


@pytest.mark.parametrize(
    ("end", "stands", "is_final"),
    [
        (lambda _local, _dispute: None, True, False),
        (lambda local, dispute: local.win_dispute(dispute), False, False),
        (lambda local, dispute: local.lose_dispute(dispute), True, True),
    ],
)
def test_a_dispute_stands_until_it_is_won(
    provider: StripeProvider,
    local: LocalStripe,
    end: Callable[[LocalStripe, str], Any],
    *,
    stands: bool,
    is_final: bool,
) -> None:
    session_id = opened(provider)
    dispute = local.dispute(local.pay(session_id).id)
    end(local, dispute.id)
    found = reversal_of(provider, session_id)
    assert (found.id, found.amount_cents) == (dispute.id, 1_999)
    assert (found.stands, found.is_final) == (stands, is_final)


def test_an_inquiry_takes_nothing(provider: StripeProvider, local: LocalStripe) -> None:
    session_id = opened(provider)
    inquiry = local.dispute(local.pay(session_id).id, is_inquiry=True)
    assert not reversal_of(provider, session_id).stands
    local.close_inquiry(inquiry.id)
    assert not reversal_of(provider, session_id).stands


def test_refunds_beyond_one_page_are_all_read(provider: StripeProvider, local: LocalStripe) -> None:
    session_id = opened(provider, cents=2_000)
    intent = local.pay(session_id)
    made = {local.refund(intent.id, amount=10).id for _ in range(130)}
    facts = facts_of(provider, session_id)
    assert {reversal.id for reversal in facts.reversals} == made
    assert sum(reversal.amount_cents for reversal in facts.reversals) == 1_300


@pytest.mark.parametrize(
    ("status", "moved", "stands", "is_final"),
    [
        ("prevented", [-1_999], True, True),
        ("prevented", [-1_999, 1_999], False, False),
        ("prevented", [], False, False),
        ("of tomorrow", [-1_999], True, False),
        ("of tomorrow", [], False, False),
        ("won", [-1_999], False, False),  # what came back may not be booked yet
    ],
)
def test_a_dispute_whose_status_does_not_tell_who_has_the_money_stands_by_what_moved(
    status: str, moved: list[int], *, stands: bool, is_final: bool
) -> None:
    told: dict[str, Any] = {"id": "du_1", "object": "dispute", "amount": 1_999, "status": status, "created": 1}
    told["balance_transactions"] = [{"id": "txn", "object": "balance_transaction", "amount": one} for one in moved]
    found = of_dispute(stripe.Dispute.construct_from(told, None))
    assert (found.stands, found.is_final) == (stands, is_final)


def test_disputes_beyond_one_page_are_all_read(provider: StripeProvider, local: LocalStripe) -> None:
    session_id = opened(provider, cents=2_000)
    intent = local.pay(session_id)
    made = {local.dispute(intent.id, amount=1).id for _ in range(120)}
    assert {reversal.id for reversal in facts_of(provider, session_id).reversals} == made


def test_a_payment_leads_to_its_checkout_and_another_products_to_none(
    provider: StripeProvider, local: LocalStripe
) -> None:
    session_id = opened(provider)
    intent = local.pay(session_id)
    found = provider.checkout_of_payment(intent.id)
    assert found is not None
    assert (found.session_id, found.payment_intent_id, found.reversals) == (session_id, intent.id, ())
    assert provider.checkout_of_payment("pi_nobodys") is None


def test_checkouts_of_the_last_days_come_newest_first_over_every_page() -> None:
    clock = [NOW.timestamp() - 10_000]
    with running_local_stripe(clock=lambda: clock[0]) as fresh:
        provider = provider_at(fresh.address)
        opened(provider)
        clock[0] = NOW.timestamp()
        client = client_of(fresh)
        made = [client.v1.checkout.sessions.create(checkout_params()).id for _ in range(230)]
        found = [facts.session_id for facts in provider.checkouts_since(NOW - timedelta(hours=1))]
    assert found == made[::-1]


def test_refunds_and_disputes_of_the_last_days_name_their_payments(
    provider: StripeProvider, local: LocalStripe
) -> None:
    refunded, disputed, neither = (local.pay(opened(provider)).id for _ in range(3))
    local.refund(refunded)
    local.dispute(disputed)
    found = set(provider.reversed_since(datetime.now(UTC) - timedelta(hours=1)))
    assert {refunded, disputed} <= found
    assert neither not in found


def test_a_page_that_fails_in_the_middle_is_a_failure_and_not_a_short_list(
    local: LocalStripe, provider: StripeProvider
) -> None:
    client = client_of(local)
    for _ in range(101):
        client.v1.checkout.sessions.create(checkout_params())
    told = provider.checkouts_since(datetime.now(UTC) - timedelta(hours=1))
    next(told)
    local.outage.begin(Fault(kind="server_error"))
    with pytest.raises(VendorDown):
        list(told)


NEXT_TO_NOTHING: dict[str, Any] = {
    "id": "cs_1",
    "object": "checkout.session",
    **dict.fromkeys(
        ("client_reference_id", "metadata", "customer", "payment_intent", "amount_total", "currency"),
    ),
    "mode": "payment",
    "livemode": False,
    "payment_status": "unpaid",
    "status": "open",
}


def changed_session(vendor: VendorServer, **changed: Any) -> CheckoutFacts:
    vendor.answer_with(Answer.of_json(NEXT_TO_NOTHING | changed))
    return facts_of(provider_at(vendor.url), "cs_1")


def test_a_session_of_which_stripe_says_next_to_nothing_is_still_read(vendor: VendorServer) -> None:
    facts = changed_session(vendor)
    assert (facts.order_id, facts.user_id, facts.customer_id, facts.amount_cents) == (None, None, None, None)
    assert facts.progress is Progress.UNDERWAY


@pytest.mark.parametrize("mode", ["setup", "subscription"])
def test_a_session_in_another_mode_is_no_payment(vendor: VendorServer, mode: str) -> None:
    assert not changed_session(vendor, mode=mode).is_for_payment
    assert changed_session(vendor, livemode=True).livemode


@pytest.mark.parametrize("status", ["no_payment_required", "unpaid", "something_new"])
def test_only_paid_is_paid(vendor: VendorServer, status: str) -> None:
    assert changed_session(vendor, payment_status=status, status="complete").progress is Progress.UNDERWAY


def test_an_expanded_customer_is_its_id(vendor: VendorServer) -> None:
    assert changed_session(vendor, customer={"id": "cus_9", "object": "customer"}).customer_id == "cus_9"
