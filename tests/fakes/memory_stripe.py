"""A payment provider in memory, in which whatever can happen to a paid order happens by chance."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from shared.payments.model import CheckoutFacts, Payment, Progress, Reversal, ReversalKind
from shared.payments.payment_provider import Checkout, ReturnUrls

_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_REFUND, _DISPUTE = ReversalKind.REFUND, ReversalKind.DISPUTE


@dataclass(kw_only=True)
class MemoryStripe:
    """Fulfils PaymentProvider, for one order at a time."""

    facts: CheckoutFacts | None = None

    def create_customer(
        self,
        *,
        user_id: str,
        email: str | None,  # noqa: ARG002 - the Protocol's names
        replacing: str | None = None,  # noqa: ARG002
    ) -> str:
        return f"cus_{user_id}"

    def open_checkout(self, order: Payment, urls: ReturnUrls) -> Checkout:  # noqa: ARG002 - the Protocol's names
        session_id = f"cs_{order.id}"
        self.facts = CheckoutFacts(
            session_id=session_id,
            order_id=str(order.id),
            user_id=str(order.user_id),
            package_id=order.package_id,
            customer_id=order.stripe_customer_id,
            payment_intent_id=f"pi_{order.id}",
            is_for_payment=True,
            livemode=order.livemode,
            amount_cents=order.amount_cents,
            currency=order.currency,
            progress=Progress.UNDERWAY,
        )
        return Checkout(session_id=session_id, url="https://example.org/pay")

    def read_checkout(self, session_id: str) -> CheckoutFacts | None:
        return self.facts if self.facts and self.facts.session_id == session_id else None

    def checkout_of_payment(self, payment_intent_id: str) -> CheckoutFacts | None:
        return self.facts if self.facts and self.facts.payment_intent_id == payment_intent_id else None

    def checkouts_since(self, since: datetime) -> Iterator[CheckoutFacts]:  # noqa: ARG002 - the Protocol's names
        return iter([self.facts] if self.facts else [])

    def reversed_since(self, since: datetime) -> Iterator[str]:  # noqa: ARG002 - the Protocol's names
        return iter([])

    def expire_checkout(self, session_id: str) -> None:
        """Of an order whose account is gone: there is none here."""

    def customers_of(self, user_id: str) -> Sequence[str]:
        return [f"cus_{user_id}"]

    def forget_customer(self, customer_id: str) -> None:
        """The same."""


Change = Callable[[], str]
"""Something that may happen now; says by which type of event it is told."""


@dataclass(kw_only=True)
class Fate:
    """What becomes of the order that was opened last."""

    stripe: MemoryStripe
    chance: random.Random
    closed: set[str] = field(default_factory=set[str])
    """Reversals that nothing more happens to."""

    @property
    def facts(self) -> CheckoutFacts:
        assert self.stripe.facts is not None
        return self.stripe.facts

    @property
    def returned_cents(self) -> int:
        """What is not with us now."""
        return sum(one.amount_cents for one in self.facts.reversals if one.stands)

    def step(self) -> str | None:
        """One of the things that may happen now; None when all is over."""
        possible = self._of_the_payment() if self.facts.progress is not Progress.PAID else self._of_the_money()
        return self.chance.choice(possible)() if possible else None

    def _of_the_payment(self) -> list[Change]:
        if self.facts.progress is not Progress.UNDERWAY:
            return []
        ends = {
            Progress.PAID: "checkout.session.completed",
            Progress.EXPIRED: "checkout.session.expired",
            Progress.PAYMENT_FAILED: "checkout.session.async_payment_failed",
        }
        changes = [lambda end=end: self._progress(end, ends[end]) for end in ends]
        return [*[changes[0]] * 8, *changes[1:], lambda: "checkout.session.completed"]  # a debit that takes days

    def _of_the_money(self) -> list[Change]:
        left = (self.facts.amount_cents or 0) - self._refunded()
        begin = [lambda: self._refund(left)] if left and not self._is_with_the_bank() else []
        dispute = [self._dispute] if len(self.facts.reversals) < 4 else []
        open_ones = [one for one in self.facts.reversals if one.id not in self.closed]
        return [*begin, *dispute, *(lambda one=one: self._go_on(one) for one in open_ones)]

    def _progress(self, progress: Progress, told_by: str) -> str:
        self.stripe.facts = replace(self.facts, progress=progress)
        return told_by

    def _refund(self, left: int) -> str:
        amount = self.chance.choice([left, self.chance.randint(1, left), min(left, self.chance.randint(1, 30))])
        self._add(_REFUND, amount, stands=True, is_final=self.chance.random() < 1 / 2)
        return "refund.created"

    def _dispute(self) -> str:
        whole = self.facts.amount_cents or 0
        is_inquiry = self.chance.random() < 1 / 4
        self._add(_DISPUTE, self.chance.choice([whole, self.chance.randint(1, whole)]), stands=not is_inquiry)
        return "charge.dispute.created"

    def _go_on(self, one: Reversal) -> str:
        if one.kind is _REFUND:
            return self._end_refund(one)
        if not one.stands and self.chance.random() < 1 / 2:  # an inquiry becomes a dispute
            self._put(replace(one, stands=True))
            return "charge.dispute.funds_withdrawn"
        is_lost = one.stands and self.chance.random() < 1 / 2
        self._close(replace(one, stands=is_lost, is_final=is_lost))
        return "charge.dispute.closed"

    def _end_refund(self, one: Reversal) -> str:
        """A refund arrives, or fails, which may come after it had arrived."""
        if self.chance.random() < 1 / 2:
            self._close(replace(one, stands=False, is_final=False))
            return "refund.failed"
        self._put(replace(one, is_final=True))
        if self.chance.random() < 1 / 2:
            self.closed.add(one.id)
        return "refund.updated"

    def _refunded(self) -> int:
        return sum(one.amount_cents for one in self.facts.reversals if one.kind is _REFUND and one.stands)

    def _is_with_the_bank(self) -> bool:
        return any(one.kind is _DISPUTE and one.stands for one in self.facts.reversals)

    def _add(self, kind: ReversalKind, amount: int, *, stands: bool, is_final: bool = False) -> None:
        reversal = Reversal(
            id=f"{kind}_{len(self.facts.reversals)}_{self.facts.order_id}",
            kind=kind,
            amount_cents=amount,
            stands=stands,
            is_final=is_final,
            created_at=_BEGIN + timedelta(seconds=self.chance.randint(0, 2)),  # several in one second, in any order
        )
        self._put(reversal)

    def _close(self, one: Reversal) -> None:
        self.closed.add(one.id)
        self._put(one)

    def _put(self, one: Reversal) -> None:
        others = [other for other in self.facts.reversals if other.id != one.id]
        self.stripe.facts = replace(self.facts, reversals=(*others, one))
