"""The wire shapes of packages and payments."""

from datetime import datetime
from uuid import UUID

from shared.edge.shape import shape
from shared.payments.model import Package, Payment
from shared.values import frozen


@frozen
class PackageOut:
    """What is for sale; `amount_cents` counts the currency's smallest unit."""

    id: str
    credits: int
    amount_cents: int
    currency: str

    @classmethod
    def of(cls, package: Package) -> "PackageOut":
        """The wire shape of a package."""
        return shape(cls, package)


@frozen
class PackagesOut:
    """GET /api/payments/packages."""

    packages: list[PackageOut]


@frozen
class PaymentOut:
    """One order. `credits_taken_back`: of a refund or dispute; `reason` says why it failed."""

    id: UUID
    package_id: str
    credits: int
    amount_cents: int
    currency: str
    status: str
    reason: str | None
    refunded_cents: int
    disputed_cents: int
    credits_taken_back: int
    created_at: datetime
    completed_at: datetime | None

    @classmethod
    def of(cls, payment: Payment) -> "PaymentOut":
        """The wire shape of a payment."""
        return shape(cls, payment, credits=payment.credits_amount)


@frozen
class HistoryOut:
    """A page of payments, newest first; `next_cursor` is null on the last."""

    payments: list[PaymentOut]
    next_cursor: str | None
