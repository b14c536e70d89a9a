"""What an order and the provider's facts make of each other: a table to read, and laws that hold for any history."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.credits.model import Credits, Reason
from shared.ids import UserId
from shared.payments.model import CheckoutFacts, OrderId, Payment, PaymentStatus, Progress, Reversal, ReversalKind
from shared.payments.settlement import Movement, Settlement, is_as_told, mismatch, settle

AT = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
ORDER = Payment(
    id=OrderId(UUID(int=1)),
    user_id=UserId(UUID(int=2)),
    stripe_session_id="cs_1",
    stripe_payment_intent_id=None,
    stripe_customer_id="cus_1",
    package_id="regular",
    credits_amount=Credits(100),
    amount_cents=1_999,
    currency="usd",
    livemode=False,
    status=PaymentStatus.PENDING,
    reason=None,
    refunded_cents=0,
    disputed_cents=0,
    credits_taken_back=0,
    read_token=1,
    created_at=AT,
    completed_at=None,
)
FACTS = CheckoutFacts(
    session_id="cs_1",
    order_id=str(ORDER.id),
    user_id=str(ORDER.user_id),
    package_id="regular",
    customer_id="cus_1",
    payment_intent_id="pi_1",
    is_for_payment=True,
    livemode=False,
    amount_cents=1_999,
    currency="usd",
    progress=Progress.PAID,
)


def refund(name: str = "re_1", cents: int = 1_999, **others: Any) -> Reversal:
    given: dict[str, Any] = {"kind": ReversalKind.REFUND, "stands": True, "is_final": True, "created_at": AT, **others}
    return Reversal(id=name, amount_cents=cents, **given)


def dispute(name: str = "du_1", cents: int = 1_999, **others: Any) -> Reversal:
    return refund(name, cents, **{"kind": ReversalKind.DISPUTE, "is_final": False, **others})


def over(reversal: Reversal) -> Reversal:
    return replace(reversal, stands=False, is_final=False)


def facts_of(*reversals: Reversal) -> CheckoutFacts:
    return replace(FACTS, reversals=reversals)


@dataclass(frozen=True, kw_only=True)
class Account:
    """An order with the ledger rows written for it."""

    order: Payment = ORDER
    rows: tuple[Movement, ...] = ()

    @property
    def kept(self) -> int:
        return sum(row.amount for row in self.rows)

    @property
    def done(self) -> set[tuple[str, str]]:
        return {(row.reason, row.ref) for row in self.rows}

    def settlement(self, facts: CheckoutFacts) -> Settlement:
        return settle(self.order, facts, self.done)

    def after(self, *history: CheckoutFacts) -> "Account":
        """With each of these recorded in turn, as apply_payment does it."""
        account = self
        for facts in history:
            account = account._recorded(account.settlement(facts))
        return account

    def _recorded(self, new: Settlement) -> "Account":
        order = replace(
            self.order,
            status=new.status,
            reason=new.reason,
            refunded_cents=new.refunded_cents,
            disputed_cents=new.disputed_cents,
            credits_taken_back=self.order.credits_taken_back + new.credits_taken_back,
        )
        return Account(order=order, rows=(*self.rows, *new.movements))


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


@dataclass(frozen=True, kw_only=True)
class Past:
    """A reversal's life: it begins, may become final, and may be over in the end."""

    reversal: Reversal
    begins_at: int
    final_after: int | None
    over_after: int | None

    def at(self, moment: int) -> Reversal | None:
        if moment < self.begins_at:
            return None
        if self.over_after is not None and moment >= self.begins_at + self.over_after:
            return over(self.reversal)
        is_final = self.final_after is not None and moment >= self.begins_at + self.final_after
        return replace(self.reversal, is_final=is_final)


@dataclass(frozen=True, kw_only=True)
class World:
    """An order, and what becomes of its money from moment to moment."""

    order: Payment
    pasts: tuple[Past, ...]

    def facts(self, moment: int) -> CheckoutFacts:
        known = [reversal for past in self.pasts if (reversal := past.at(moment)) is not None]
        return replace(FACTS, amount_cents=self.order.amount_cents, reversals=tuple(known))

    def due(self, moment: int) -> int:
        """What the user is to keep: said once more, and more plainly than in the code."""
        gone = sum(reversal.amount_cents for reversal in self.facts(moment).reversals if reversal.stands)
        price, bought = self.order.amount_cents, self.order.credits_amount
        return bought - bought * min(gone, price) // price


END = 20
LATER = st.integers(min_value=1, max_value=END)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    cents = draw(st.integers(min_value=1, max_value=20_000))
    bought = draw(st.integers(min_value=1, max_value=2_000))
    pasts: list[Past] = []
    for number in range(draw(st.integers(min_value=0, max_value=6))):
        kind = draw(st.sampled_from(ReversalKind))
        begins_at = draw(st.integers(min_value=0, max_value=END))
        reversal = Reversal(
            id=f"{kind}_{number}",
            kind=kind,
            amount_cents=draw(st.integers(min_value=1, max_value=cents)),
            stands=True,
            is_final=False,
            created_at=AT + timedelta(seconds=begins_at // 4),  # some in the same second
        )
        final_after, over_after = draw(st.none() | LATER), draw(st.none() | LATER)
        pasts.append(Past(reversal=reversal, begins_at=begins_at, final_after=final_after, over_after=over_after))
    order = replace(ORDER, amount_cents=cents, credits_amount=Credits(bought))
    return World(order=order, pasts=tuple(pasts))


MOMENTS = st.lists(st.integers(min_value=0, max_value=2 * END), max_size=8).map(sorted)


def settled(world: World, moments: Sequence[int]) -> Account:
    return Account(order=world.order).after(*[world.facts(moment) for moment in moments])


@given(world=worlds(), moments=MOMENTS)
def test_however_often_one_looks_the_user_keeps_what_the_last_look_says(world: World, moments: list[int]) -> None:
    account = settled(world, [*moments, 3 * END])
    assert account.kept == world.due(3 * END)


@given(world=worlds(), moments=MOMENTS)
def test_at_no_moment_more_is_taken_than_was_granted_or_anything_given_twice(world: World, moments: list[int]) -> None:
    account = Account(order=world.order)
    for moment in moments:
        account = account.after(world.facts(moment))
        assert account.kept == world.due(moment)
        assert 0 <= account.order.credits_taken_back <= world.order.credits_amount
        assert account.order.credits_taken_back == world.order.credits_amount - account.kept
        assert len(account.done) == len(account.rows)
        assert [row.reason for row in account.rows].count(Reason.PURCHASE) == 1
        assert all(row.amount for row in account.rows)


@given(world=worlds(), moments=MOMENTS)
def test_the_same_facts_once_more_move_nothing(world: World, moments: list[int]) -> None:
    account = settled(world, [*moments, 3 * END])
    again = account.settlement(world.facts(3 * END))
    assert again.movements == ()
    assert account.after(world.facts(3 * END)).order == account.order


@given(world=worlds(), moments=MOMENTS, chance=st.randoms(use_true_random=False))
def test_the_order_in_which_reversals_are_listed_changes_nothing_of_the_end(
    world: World, moments: list[int], chance: Any
) -> None:
    shuffled = replace(world, pasts=tuple(chance.sample(world.pasts, len(world.pasts))))
    one, other = (settled(each, [*moments, 3 * END]) for each in (world, shuffled))
    assert one.order == other.order
    assert one.kept == other.kept


@given(world=worlds(), moments=MOMENTS)
def test_an_order_is_refunded_when_all_of_its_price_is_gone_for_good(world: World, moments: list[int]) -> None:
    order = settled(world, [*moments, 3 * END]).order
    gone = [reversal for reversal in world.facts(3 * END).reversals if reversal.stands and reversal.is_final]
    is_gone = sum(reversal.amount_cents for reversal in gone) >= world.order.amount_cents
    assert (order.status is PaymentStatus.REFUNDED) == is_gone
    cents = {
        kind: order.refunded_cents if kind is ReversalKind.REFUND else order.disputed_cents for kind in ReversalKind
    }
    for kind, told in cents.items():
        standing = [one for one in world.facts(3 * END).reversals if one.stands and one.kind is kind]
        assert told == sum(one.amount_cents for one in standing)


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
