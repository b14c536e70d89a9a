"""What an order and the provider's facts make of each other: a table to read."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.credits.model import Credits, Reason
from shared.payments.model import CheckoutFacts, PaymentStatus, Progress
from shared.payments.settlement import is_as_told, mismatch
from tests.fixtures.settling import AT, FACTS, ORDER, Account, dispute, facts_of, over, refund

HALF, REST = refund("re_1", 1_000), refund("re_2", 999, created_at=AT + timedelta(seconds=1))
PENDING = refund(is_final=False)
LOST = dispute(is_final=True)

EXAMPLES: dict[str, tuple[list[CheckoutFacts], str, int, list[str]]] = {
    "paid": ([facts_of()], "completed", 100, ["purchase"]),
    "paid, told twice": ([facts_of()] * 2, "completed", 100, ["purchase"]),
    "refunded": ([facts_of(), facts_of(refund())], "refunded", 0, ["purchase", "purchase_refunded"]),
    "refunded before we heard of the payment": (
        [facts_of(refund())],
        "refunded",
        0,
        ["purchase", "purchase_refunded"],
    ),
    "half refunded": ([facts_of(), facts_of(HALF)], "completed", 50, ["purchase", "purchase_refunded"]),
    "refunded in two parts": (
        [facts_of(), facts_of(HALF), facts_of(HALF, REST)],
        "refunded",
        0,
        ["purchase", "purchase_refunded", "purchase_refunded"],
    ),
    "a refund on its way": ([facts_of(PENDING)], "completed", 0, ["purchase", "purchase_refunded"]),
    "a refund that came back": (
        [facts_of(PENDING), facts_of(over(PENDING))],
        "completed",
        100,
        ["purchase", "purchase_refunded", "purchase_refund_failed"],
    ),
    "a refund that had come back before we heard of it": ([facts_of(over(PENDING))], "completed", 100, ["purchase"]),
    "disputed": ([facts_of(), facts_of(dispute())], "completed", 0, ["purchase", "purchase_disputed"]),
    "a dispute won": (
        [facts_of(dispute()), facts_of(over(dispute()))],
        "completed",
        100,
        ["purchase", "purchase_disputed", "purchase_dispute_won"],
    ),
    "a dispute lost": ([facts_of(dispute()), facts_of(LOST)], "refunded", 0, ["purchase", "purchase_disputed"]),
    "refunded and disputed for the same money": (
        [facts_of(refund()), facts_of(refund(), dispute())],
        "refunded",
        0,
        ["purchase", "purchase_refunded"],
    ),
    "a cent refunded": ([facts_of(refund(cents=1))], "completed", 100, ["purchase"]),
    "all but a cent refunded": (
        [facts_of(refund(cents=1_998))],
        "completed",
        1,
        ["purchase", "purchase_refunded"],
    ),
    "unpaid": ([replace(FACTS, progress=Progress.UNDERWAY)], "pending", 0, []),
    "expired": ([replace(FACTS, progress=Progress.EXPIRED)], "failed", 0, []),
    "the bank said no": ([replace(FACTS, progress=Progress.PAYMENT_FAILED)], "failed", 0, []),
    "expired, and paid all the same": (
        [replace(FACTS, progress=Progress.EXPIRED), facts_of()],
        "completed",
        100,
        ["purchase"],
    ),
    "paid, and then unpaid": ([facts_of(), replace(FACTS, progress=Progress.UNDERWAY)], "completed", 100, ["purchase"]),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_the_user_keeps_and_what_the_ledger_says(name: str) -> None:
    history, status, kept, reasons = EXAMPLES[name]
    account = Account().after(*history)
    assert (account.order.status.value, account.kept) == (status, kept)
    assert [row.reason.value for row in account.rows] == reasons


def test_a_failed_order_says_why() -> None:
    failed = [Account().after(replace(FACTS, progress=progress)).order.reason for progress in list(Progress)[2:]]
    assert failed == ["expired", "payment_failed"]


def test_a_refund_that_failed_and_one_that_stands_are_told_apart_by_their_ids() -> None:
    account = Account().after(facts_of(HALF), facts_of(over(HALF), refund("re_9", 1_000)))
    assert account.kept == 50
    assert [(row.reason, row.ref, row.amount) for row in account.rows[1:]] == [
        (Reason.PURCHASE_REFUNDED, "re_1", -50),
        (Reason.PURCHASE_REFUND_FAILED, "re_1", 50),
        (Reason.PURCHASE_REFUNDED, "re_9", -50),
    ]


TINY = replace(ORDER, amount_cents=3, credits_amount=Credits(1))
"""A credit for three cents: two of them, refunded, are worth nothing yet."""


def test_a_refund_that_came_back_unheard_is_no_reason_to_move_anything() -> None:
    facts = facts_of(refund("re_1", 2), refund("re_2", 1), over(refund("re_3", 1)))
    account = Account(order=TINY).after(facts)
    assert [(row.ref, row.amount) for row in account.rows[1:]] == [("re_2", -1)]
    assert account.settlement(facts).movements == ()


def test_a_refund_lost_in_rounding_gives_back_what_it_made_another_take() -> None:
    lost, last = refund("re_1", 2), refund("re_2", 1)
    account = Account(order=TINY).after(facts_of(lost, last), facts_of(over(lost), last))
    assert account.kept == 1
    assert [(row.reason, row.ref) for row in account.rows[1:]] == [
        (Reason.PURCHASE_REFUNDED, "re_2"),
        (Reason.PURCHASE_REFUND_FAILED, "re_1"),
    ]


FALSE: dict[str, dict[str, Any]] = {
    "livemode_differs": {"livemode": True},
    "order_differs": {"order_id": str(UUID(int=9))},
    "checkout_differs": {"session_id": "cs_2"},
    "package_differs": {"package_id": "large"},
    "amount_differs": {"amount_cents": 1},
    "currency_differs": {"currency": "jpy"},
}


@pytest.mark.parametrize("reason", FALSE)
def test_facts_that_are_not_the_orders_are_named(reason: str) -> None:
    assert mismatch(ORDER, replace(FACTS, **FALSE[reason])) == reason


@pytest.mark.parametrize("name", [*[key for change in FALSE.values() for key in change if key != "session_id"]])
def test_facts_that_are_missing_are_not_the_orders(name: str) -> None:
    assert mismatch(ORDER, replace(FACTS, **{name: None})) is not None


@pytest.mark.parametrize("changed", [{"user_id": str(UUID(int=9))}, {"user_id": None}, {"customer_id": None}])
def test_an_owner_is_the_user_and_the_customer(changed: dict[str, Any]) -> None:
    assert mismatch(ORDER, replace(FACTS, **changed)) == "owner_differs"
    assert mismatch(ORDER, replace(FACTS, customer_id="cus_2")) == "owner_differs"


def test_a_checkout_that_is_no_payment_is_not_the_orders() -> None:
    assert mismatch(ORDER, replace(FACTS, is_for_payment=False)) == "checkout_differs"


def test_an_order_without_a_checkout_takes_the_one_that_names_it() -> None:
    assert mismatch(replace(ORDER, stripe_session_id=None), FACTS) is None
    assert mismatch(ORDER, FACTS) is None


@pytest.mark.parametrize(
    ("progress", "fitting"),
    [
        (Progress.UNDERWAY, {"pending"}),
        (Progress.PAID, {"completed", "refunded"}),
        (Progress.EXPIRED, {"failed"}),
        (Progress.PAYMENT_FAILED, {"failed"}),
    ],
)
def test_an_order_stands_as_told_when_its_status_fits(progress: Progress, fitting: set[str]) -> None:
    facts = replace(FACTS, progress=progress)
    orders = [replace(ORDER, status=status) for status in PaymentStatus]
    assert {order.status.value for order in orders if is_as_told(order, facts)} == fitting
    assert not any(is_as_told(replace(order, stripe_session_id=None), facts) for order in orders)
