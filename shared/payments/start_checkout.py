"""Opens a checkout page for a package: the order first, then the provider, then what it answered."""

from collections.abc import Sequence

from shared.db.connection import Database, Transaction
from shared.errors import Invalid, NotFound, ProviderPaused, VendorDown, VendorRefused
from shared.idempotency.keep import Keep, keep_nothing
from shared.identity.customer_of import customer_of
from shared.identity.note_customer_asked import note_customer_asked
from shared.identity.remember_customer import remember_customer
from shared.ids import UserId, new_id
from shared.payments import repository
from shared.payments.model import OrderId, Package, Payment
from shared.payments.payment_provider import CustomerGone, PaymentProvider, ReturnUrls
from shared.switches.is_switched_off import is_switched_off
from shared.switches.model import LOOK_AGAIN_SECONDS, STRIPE
from shared.values import frozen


@frozen
class Shop:
    """What is sold, in which mode, and where the checkout page leads back to."""

    packages: Sequence[Package]
    urls: ReturnUrls
    livemode: bool


@frozen
class OpenedCheckout:
    """An order, and the page where it is paid."""

    order: Payment
    url: str


def start_checkout(
    db: Database,
    provider: PaymentProvider,
    shop: Shop,
    user_id: UserId,
    package_id: str,
    *,
    keep: Keep[OpenedCheckout] = keep_nothing,
) -> OpenedCheckout:
    """Order the package.

    Raises Invalid (`package_unknown`), NotFound when the account was deleted meanwhile, and VendorDown, after which the
    order has failed.
    """
    package = _package(shop, package_id)
    customer_id = _customer_id(db, provider, user_id)
    try:
        return _open(db, provider, shop, user_id, package, customer_id, keep)
    except CustomerGone:
        customer_id = _customer_id(db, provider, user_id, gone=customer_id)
        return _open(db, provider, shop, user_id, package, customer_id, keep)


def _open(
    db: Database,
    provider: PaymentProvider,
    shop: Shop,
    user_id: UserId,
    package: Package,
    customer_id: str,
    keep: Keep[OpenedCheckout],
) -> OpenedCheckout:
    with db.transaction(user_id) as tx:
        order = repository.insert(
            tx, user_id, OrderId(new_id()), package, customer_id=customer_id, livemode=shop.livemode
        )
    try:
        checkout = provider.open_checkout(order, shop.urls)
    except VendorRefused:
        with db.transaction(user_id) as tx:
            repository.delete_unopened(tx, user_id, order.id)
        raise
    except VendorDown:
        # The page may be open all the same. Nobody was given its address; should it be paid nevertheless, the order is
        # still there to be granted.
        with db.transaction(user_id) as tx:
            repository.fail_unopened(tx, user_id, order.id, "not_opened")
        raise
    opened = OpenedCheckout(order=order, url=checkout.url)
    with db.transaction(user_id) as tx:
        is_there = repository.set_session(tx, user_id, order.id, checkout.session_id)
        if is_there:
            keep(tx, opened)
    if not is_there:  # the account was deleted meanwhile: what is paid on this page could never be granted
        provider.expire_checkout(checkout.session_id)
        raise NotFound
    return opened


def _package(shop: Shop, package_id: str) -> Package:
    for package in shop.packages:
        if package.id == package_id:
            return package
    known = ", ".join(package.id for package in shop.packages)
    raise Invalid(f"There is no such package. For sale are: {known}.", code="package_unknown")


def _customer_id(db: Database, provider: PaymentProvider, user_id: UserId, *, gone: str | None = None) -> str:
    """Made once for each user, and anew in place of one who is gone.

    The provider answers a repeat with the same customer, and the first to write wins. Should we never hear of one, or
    repeat it too late, the deletion of the account searches for all that were made.
    """
    with db.transaction(user_id) as tx:
        _refuse_switched_off(tx)
        customer = customer_of(tx, user_id)
        if customer.id not in (None, gone):
            return customer.id
        note_customer_asked(tx, user_id)
    created = provider.create_customer(user_id=str(user_id), email=customer.email, replacing=gone)
    try:
        with db.transaction(user_id) as tx:
            return remember_customer(tx, user_id, created, replacing=gone)
    except NotFound:  # the account was deleted meanwhile, and could not know of this one
        provider.forget_customer(created)
        raise


def _refuse_switched_off(tx: Transaction) -> None:
    """No new orders meanwhile. What was paid before is granted all the same: that is read, not bought."""
    if is_switched_off(tx, STRIPE):
        raise ProviderPaused("Nothing can be bought just now. Try again later.", retry_after_seconds=LOOK_AGAIN_SECONDS)
