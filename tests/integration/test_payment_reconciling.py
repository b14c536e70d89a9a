"""Webhooks that never came: reconciling finds out what became of every order, once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import psycopg
import pytest

from dev.postgres import Postgres
from dev.vendors.stripe_outage import Fault
from shared.db.connection import Database
from shared.errors import VendorDown
from shared.ids import new_id
from shared.payments.reconcile_payments import Reconciled, reconcile_payments
from tests.fixtures.local_stripe import checkout_params, client_of
from tests.fixtures.measured import measured
from tests.fixtures.payment_lives import (
    LIVES,
    Happening,
    Purchase,
    agree_to_a_debit,
    bounce,
    dispute_half,
    expire,
    fail_the_refund,
    lose,
    pay,
    refund_a_quarter,
    refund_the_rest,
    settle,
    settle_the_refund,
    win,
)
from tests.fixtures.payments import PACKAGE, TRIAL, PaymentBackend, payment_backend

NO_DIFFERENCE = Reconciled(differing=0, repaired=0, unmatched=0)
REPAIRED = Reconciled(differing=1, repaired=1, unmatched=0)

LOST: dict[str, tuple[tuple[Happening, ...], str, int]] = {
    "paid": ((pay,), "completed", 100),
    "paid by bank debit": ((agree_to_a_debit, settle), "completed", 100),
    "bounced": ((agree_to_a_debit, bounce), "failed", 0),
    "expired": ((expire,), "failed", 0),
    "refunded in part": ((pay, refund_a_quarter, settle_the_refund), "completed", 75),
    "refunded": ((pay, refund_the_rest), "refunded", 0),
    "refund failed": ((pay, refund_a_quarter, fail_the_refund), "completed", 100),
    "disputed": ((pay, dispute_half), "completed", 50),
    "dispute won": ((pay, dispute_half, win), "completed", 100),
    "dispute lost": ((pay, dispute_half, lose), "completed", 50),
    "all of it": (LIVES["half kept"], "completed", 25),
}

Reconcile = Callable[[], Reconciled]


@pytest.fixture
def shop(postgres: Postgres, database_name: str) -> Iterator[PaymentBackend]:
    with payment_backend(postgres.url(database_name, role="second_brain_app")) as backend:
        yield backend


@pytest.fixture
def reconcile(shop: PaymentBackend, system_db: Database) -> Reconcile:
    return lambda: reconcile_payments(system_db, shop.provider)


@dataclass(frozen=True, kw_only=True)
class Order:
    """As the test looks at it."""

    status: str
    reason: str | None
    session_id: str | None


def order_of(purchase: Purchase) -> Order:
    now = purchase.backend.opened(purchase.order)
    return Order(status=now.status, reason=now.reason, session_id=now.stripe_session_id)


def bought(shop: PaymentBackend, *happenings: Happening) -> Purchase:
    """All happened, and no webhook ever came."""
    purchase = Purchase(backend=shop, order=shop.order())
    for happening in happenings:
        happening(purchase)
    return purchase


@pytest.mark.parametrize("case", LOST)
def test_an_order_whose_webhooks_were_all_lost_is_brought_to_the_truth(
    shop: PaymentBackend, reconcile: Reconcile, case: str
) -> None:
    happenings, status, kept = LOST[case]
    purchase = bought(shop, *happenings)
    assert reconcile() == REPAIRED
    assert (order_of(purchase).status, purchase.outcome().standing) == (status, TRIAL + kept)
    first = purchase.outcome()
    assert reconcile() == NO_DIFFERENCE
    assert purchase.outcome() == first


@pytest.mark.parametrize("case", LOST)
def test_webhooks_that_come_after_all_change_nothing_more(
    shop: PaymentBackend, reconcile: Reconcile, case: str
) -> None:
    purchase = Purchase(backend=shop, order=shop.order())
    events = [purchase.live(happening) for happening in LOST[case][0]]
    reconcile()
    before = purchase.outcome()
    for event in reversed(events):
        shop.deliver(event)
    shop.work()
    assert purchase.outcome() == before


@pytest.mark.parametrize(
    ("later", "status", "kept"),
    [
        ((refund_the_rest,), "refunded", 0),
        ((refund_a_quarter,), "completed", 75),
        ((dispute_half,), "completed", 50),
        ((dispute_half, lose), "completed", 50),
    ],
)
def test_money_that_went_back_unheard_after_a_purchase_we_knew_of_is_found(
    shop: PaymentBackend, reconcile: Reconcile, later: tuple[Happening, ...], status: str, kept: int
) -> None:
    purchase = bought(shop, pay)
    reconcile()
    for happening in later:
        happening(purchase)
    assert reconcile() == REPAIRED
    assert (order_of(purchase).status, purchase.outcome().standing) == (status, TRIAL + kept)
    assert reconcile() == NO_DIFFERENCE


def test_an_order_still_open_is_left_alone(shop: PaymentBackend, reconcile: Reconcile) -> None:
    purchase = bought(shop)
    assert reconcile() == NO_DIFFERENCE
    assert order_of(purchase).status == "pending"


@pytest.mark.parametrize(("happenings", "status"), [((), "pending"), ((pay,), "completed"), ((expire,), "failed")])
def test_an_order_whose_checkout_was_never_recorded_gets_it(
    shop: PaymentBackend,
    reconcile: Reconcile,
    owner: psycopg.Connection,
    happenings: tuple[Happening, ...],
    status: str,
) -> None:
    purchase = bought(shop, *happenings)
    owner.execute("UPDATE payments SET stripe_session_id = NULL")
    assert reconcile() == REPAIRED
    assert order_of(purchase).session_id == purchase.session
    assert order_of(purchase).status == status
    assert reconcile() == NO_DIFFERENCE


@pytest.mark.parametrize(("hours", "status"), [(24, "pending"), (26, "failed")])
def test_an_order_that_never_got_a_checkout_is_given_up_after_25_hours(
    shop: PaymentBackend, reconcile: Reconcile, owner: psycopg.Connection, hours: int, status: str
) -> None:
    purchase = bought(shop)
    owner.execute("UPDATE payments SET stripe_session_id = NULL, created_at = now() - %s * interval '1 hour'", [hours])
    del shop.local.book.tables.sessions[purchase.session]
    assert reconcile() == NO_DIFFERENCE
    assert order_of(purchase) == Order(
        status=status, reason="never_opened" if status == "failed" else None, session_id=None
    )
    assert reconcile() == NO_DIFFERENCE


def test_an_order_older_than_the_window_that_is_still_pending_is_asked_for_by_itself(
    shop: PaymentBackend, reconcile: Reconcile, owner: psycopg.Connection
) -> None:
    purchase = bought(shop, pay)
    owner.execute("UPDATE payments SET created_at = now() - interval '9 days'")
    tables = shop.local.book.tables
    old = tables.sessions[purchase.session]
    tables.sessions[purchase.session] = replace(old, created=old.created - 9 * 24 * 3_600)
    assert reconcile() == REPAIRED
    assert order_of(purchase).status == "completed"


def test_a_bank_debit_that_takes_days_is_no_difference(
    shop: PaymentBackend, reconcile: Reconcile, owner: psycopg.Connection
) -> None:
    purchase = bought(shop, agree_to_a_debit)
    owner.execute("UPDATE payments SET created_at = now() - interval '50 hours'")
    assert reconcile() == NO_DIFFERENCE
    settle(purchase)
    assert reconcile() == REPAIRED
    assert order_of(purchase).status == "completed"


def test_a_refund_that_arrived_unheard_is_a_difference_though_its_credits_were_taken_before(
    shop: PaymentBackend, reconcile: Reconcile
) -> None:
    purchase = bought(shop, pay)
    purchase.refunds.append(shop.local.refund(purchase.intent, is_pending=True).id)
    assert reconcile() == REPAIRED
    assert (order_of(purchase).status, purchase.outcome().standing) == ("completed", TRIAL)
    settle_the_refund(purchase)
    assert reconcile() == REPAIRED
    assert (order_of(purchase).status, purchase.outcome().standing) == ("refunded", TRIAL)
    assert reconcile() == NO_DIFFERENCE


def test_a_paid_checkout_of_an_order_we_do_not_have_is_counted_and_nobody_is_given_anything(
    shop: PaymentBackend, reconcile: Reconcile, owner: psycopg.Connection
) -> None:
    user_id = shop.user()
    ours = {"order_id": str(new_id()), "user_id": str(user_id), "package_id": PACKAGE.id}
    paid_elsewhere(shop, client_reference_id=ours["order_id"], metadata=ours)
    assert reconcile() == Reconciled(differing=0, repaired=0, unmatched=1)
    assert reconcile() == Reconciled(differing=0, repaired=0, unmatched=1)
    assert owner.execute("SELECT credits FROM users").fetchall() == [(TRIAL,)]


def test_what_the_account_sells_besides_is_none_of_ours(shop: PaymentBackend, reconcile: Reconcile) -> None:
    paid_elsewhere(shop)
    paid_elsewhere(shop, client_reference_id=str(new_id()), metadata={})
    assert reconcile() == NO_DIFFERENCE


@pytest.mark.parametrize(
    "lie",
    [
        {"amount_total": 1},
        {"currency": "eur"},
        {"customer": "cus_another"},
        {"metadata": {"user_id": "another", "package_id": PACKAGE.id}},
        {"metadata": {}},
    ],
)
def test_a_paid_checkout_that_differs_from_its_order_is_counted_each_time_and_never_granted(
    shop: PaymentBackend, reconcile: Reconcile, lie: dict[str, Any]
) -> None:
    purchase = bought(shop, pay)
    shop.local.falsify(purchase.session, **lie)
    for _ in range(2):
        assert reconcile() == Reconciled(differing=1, repaired=0, unmatched=0)
    assert (order_of(purchase).status, purchase.outcome().standing) == ("pending", TRIAL)


def test_differences_are_reported_as_metrics(
    shop: PaymentBackend, reconcile: Reconcile, capsys: pytest.CaptureFixture[str]
) -> None:
    bought(shop, pay)
    bought(shop, pay, refund_the_rest)
    shop.local.falsify(bought(shop, pay).session, amount_total=1)
    paid_elsewhere(shop, client_reference_id=str(new_id()), metadata={"user_id": str(new_id())})
    capsys.readouterr()
    reconcile()
    counted = {metric.name: metric.values[0] for metric in measured(capsys.readouterr().out)}
    assert counted == {"payment_differences": 3, "payment_repairs": 2, "payments_unmatched": 1}
    reconcile()
    counted = {metric.name: metric.values[0] for metric in measured(capsys.readouterr().out)}
    assert counted == {"payment_differences": 1, "payment_repairs": 0, "payments_unmatched": 1}


def test_nothing_changes_while_stripe_is_down(
    shop: PaymentBackend, reconcile: Reconcile, owner: psycopg.Connection
) -> None:
    bought(shop, pay)
    before = owner.execute("SELECT * FROM payments").fetchall()
    shop.local.outage.begin(Fault(kind="server_error"), requests=100)
    with pytest.raises(VendorDown):
        reconcile()
    assert owner.execute("SELECT * FROM payments").fetchall() == before
    shop.local.outage.begin(Fault(kind="server_error"), requests=0)
    assert reconcile() == REPAIRED


def test_more_checkouts_than_a_page_holds_are_all_compared(shop: PaymentBackend, reconcile: Reconcile) -> None:
    user_id = shop.user()
    orders = [shop.order(user_id) for _ in range(205)]
    for order in orders:
        shop.local.pay(str(order.stripe_session_id))
    assert reconcile() == Reconciled(differing=205, repaired=205, unmatched=0)
    assert shop.outcome(orders[0]).standing == TRIAL + 205 * PACKAGE.credits
    for order in orders:
        shop.local.refund(str(shop.opened(order).stripe_payment_intent_id))
    assert reconcile() == Reconciled(differing=205, repaired=205, unmatched=0)
    assert shop.outcome(orders[0]).standing == TRIAL
    assert reconcile() == NO_DIFFERENCE


def paid_elsewhere(shop: PaymentBackend, **others: Any) -> None:
    """A checkout that was not opened by us, and is paid."""
    session = client_of(shop.local).v1.checkout.sessions.create(checkout_params(**others))
    shop.local.pay(session.id)
