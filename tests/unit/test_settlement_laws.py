"""Laws of settling that hold for any history of refunds and disputes, however often and whenever one looks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.credits.model import Credits, Reason
from shared.payments.model import CheckoutFacts, Payment, PaymentStatus, Reversal, ReversalKind
from tests.fixtures.settling import AT, FACTS, ORDER, Account, over


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
FEW = st.integers(min_value=1, max_value=5)
"""With few cents and few credits, rounding has most to say."""


@st.composite
def worlds(draw: st.DrawFn) -> World:
    cents = draw(FEW | st.integers(min_value=1, max_value=20_000))
    bought = draw(FEW | st.integers(min_value=1, max_value=2_000))
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
    exact = replace(world, order=replace(world.order, credits_amount=Credits(world.order.amount_cents)))
    account = settled(exact, [*moments, 3 * END])
    again = account.settlement(exact.facts(3 * END))
    assert again.movements == ()
    assert account.after(exact.facts(3 * END)).order == account.order


@given(world=worlds(), moments=MOMENTS)
def test_however_much_is_lost_in_rounding_the_same_facts_once_more_change_no_balance(
    world: World, moments: list[int]
) -> None:
    account = settled(world, [*moments, 3 * END])
    again = account.after(world.facts(3 * END))
    assert again.kept == account.kept
    assert again.order == account.order


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
