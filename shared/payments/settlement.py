"""Decides what an order and the provider's facts make of each other: pure, and the same in whatever order facts came.

What a user keeps of a purchase depends only on the facts as they are: the credits granted, less the share of the price
that went back. Ledger rows are the way from what was settled before to that, one for each refund or dispute.
"""

from collections.abc import Collection, Sequence

from shared.credits.model import Credits, Reason
from shared.payments.model import CheckoutFacts, Payment, PaymentStatus, Progress, Reversal, ReversalKind
from shared.values import frozen

TAKEN = {
    ReversalKind.REFUND: Reason.PURCHASE_REFUNDED,
    ReversalKind.DISPUTE: Reason.PURCHASE_DISPUTED,
}
RETURNED = {
    ReversalKind.REFUND: Reason.PURCHASE_REFUND_FAILED,
    ReversalKind.DISPUTE: Reason.PURCHASE_DISPUTE_WON,
}


@frozen
class Movement:
    """One ledger row to be written: `amount` is given (positive) or taken back (negative)."""

    amount: Credits
    reason: Reason
    ref: str


@frozen
class Settlement:
    """What becomes of an order."""

    status: PaymentStatus
    reason: str | None
    movements: tuple[Movement, ...] = ()
    refunded_cents: int = 0
    disputed_cents: int = 0
    untaken: int = 0
    """Credits of the share that no row can take any more: a dispute that was won stands again, or its amount grew."""

    @property
    def credits_taken_back(self) -> int:
        """How many more credits this settlement takes back than it returns."""
        return -sum(movement.amount for movement in self.movements if movement.reason is not Reason.PURCHASE)


def mismatch(order: Payment, facts: CheckoutFacts) -> str | None:
    """Why these facts are not this order's, or None. Nothing is granted on a mismatch, whatever was paid."""
    claims = {
        "livemode": facts.livemode == order.livemode,
        "order": facts.order_id == str(order.id),
        "owner": facts.user_id == str(order.user_id) and facts.customer_id == order.stripe_customer_id,
        "checkout": facts.is_for_payment and order.stripe_session_id in (None, facts.session_id),
        "package": facts.package_id == order.package_id,
        "amount": facts.amount_cents == order.amount_cents,
        "currency": facts.currency == order.currency,
    }
    return next((f"{name}_differs" for name, holds in claims.items() if not holds), None)


def is_as_told(order: Payment, facts: CheckoutFacts) -> bool:
    """Whether the order stands where the checkout does, money that went back left aside."""
    expected = {
        Progress.UNDERWAY: {PaymentStatus.PENDING},
        Progress.PAID: {PaymentStatus.COMPLETED, PaymentStatus.REFUNDED},
        Progress.EXPIRED: {PaymentStatus.FAILED},
        Progress.PAYMENT_FAILED: {PaymentStatus.FAILED},
    }
    return order.stripe_session_id == facts.session_id and order.status in expected[facts.progress]


def settle(order: Payment, facts: CheckoutFacts, done: Collection[tuple[str, str]]) -> Settlement:
    """What becomes of the order; `done` holds (reason, ref) of the ledger rows written for it before."""
    if facts.progress is not Progress.PAID:
        return _unpaid(order, facts)
    grant = Movement(amount=order.credits_amount, reason=Reason.PURCHASE, ref=facts.session_id)
    granted = () if (grant.reason, grant.ref) in done else (grant,)
    standing = [reversal for reversal in facts.reversals if reversal.stands]
    reversed_ = _reversed(order, facts.reversals, done)
    taken = order.credits_taken_back - sum(movement.amount for movement in reversed_)
    is_returned = _sum([reversal for reversal in standing if reversal.is_final]) >= order.amount_cents
    return Settlement(
        status=PaymentStatus.REFUNDED if is_returned else PaymentStatus.COMPLETED,
        reason=None,
        movements=(*granted, *reversed_),
        refunded_cents=_cents(standing, ReversalKind.REFUND),
        disputed_cents=_cents(standing, ReversalKind.DISPUTE),
        untaken=_share(order, _sum(standing)) - taken,
    )


def _unpaid(order: Payment, facts: CheckoutFacts) -> Settlement:
    """Nothing moves. An order that was paid once stays so: a provider does not un-pay, it refunds."""
    if order.status in {PaymentStatus.COMPLETED, PaymentStatus.REFUNDED}:
        return Settlement(
            status=order.status,
            reason=order.reason,
            refunded_cents=order.refunded_cents,
            disputed_cents=order.disputed_cents,
        )
    if facts.progress is Progress.UNDERWAY:
        return Settlement(status=PaymentStatus.PENDING, reason=None)
    return Settlement(status=PaymentStatus.FAILED, reason=facts.progress.value)


def _reversed(order: Payment, reversals: Sequence[Reversal], done: Collection[tuple[str, str]]) -> tuple[Movement, ...]:
    """A row for each reversal that began, or ended in our favour, since the last settlement.

    A row is worth what the reversal changes of the whole share, so that the rows add up to the share of what stands:
    parts of a refund lose nothing to rounding, whichever of them we heard of first.
    """
    over = _over(order, reversals, done)
    new = [one for one in reversals if one.stands and (TAKEN[one.kind], one.id) not in done]
    cents = _sum([one for one in reversals if one.stands]) + _sum(over) - _sum(new)
    taken = order.credits_taken_back
    movements: list[Movement] = []
    for one in over:
        cents -= one.amount_cents
        change = min(_share(order, cents) - taken, 0)
        taken += change
        movements.append(Movement(amount=Credits(-change), reason=RETURNED[one.kind], ref=one.id))
    for one in sorted(new, key=lambda reversal: (reversal.created_at, reversal.id)):
        cents += one.amount_cents
        change = max(_share(order, cents) - taken, 0)
        taken += change
        movements.append(Movement(amount=Credits(-change), reason=TAKEN[one.kind], ref=one.id))
    return tuple(movement for movement in movements if movement.amount)


def _over(order: Payment, reversals: Sequence[Reversal], done: Collection[tuple[str, str]]) -> list[Reversal]:
    """Those to be given back: they took something by their own name, or more is taken than what stands is worth.

    One that took nothing by its name was never heard of, or was lost in rounding.
    """
    over = [one for one in reversals if not one.stands and (RETURNED[one.kind], one.id) not in done]
    is_too_much = order.credits_taken_back > _share(order, _sum([one for one in reversals if one.stands]))
    return [one for one in over if (TAKEN[one.kind], one.id) in done] or (over if is_too_much else [])


def _sum(reversals: Sequence[Reversal]) -> int:
    return sum(reversal.amount_cents for reversal in reversals)


def _share(order: Payment, returned_cents: int) -> int:
    """The credits that go back with that much of the price: all with all of it, else rounded down, never more."""
    return order.credits_amount * min(max(returned_cents, 0), order.amount_cents) // order.amount_cents


def _cents(reversals: Sequence[Reversal], kind: ReversalKind) -> int:
    return _sum([reversal for reversal in reversals if reversal.kind is kind])
