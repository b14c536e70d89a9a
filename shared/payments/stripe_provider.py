"""Stripe Checkout through the vendor's SDK, pinned to one API version (docs/adr/0017-stripe-pinned-together.md)."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import stripe
from stripe import StripeClient

from shared.errors import VendorDown, VendorRefused
from shared.payments import stripe_facts
from shared.payments.model import CheckoutFacts, Payment
from shared.payments.notice import PINNED_API_VERSION
from shared.payments.payment_provider import Checkout, CustomerGone, ReturnUrls
from shared.payments.settings import StripeSettings
from shared.payments.stripe_transport import StripeTransport
from shared.telemetry import log, word

if TYPE_CHECKING:
    from stripe import Refund
    from stripe.checkout import Session
    from stripe.params import CustomerCreateParams
    from stripe.params.checkout import SessionCreateParams

_RETRY_AFTER_SECONDS = 5
_PAGE = 100

_WITH_REFUNDS = ["payment_intent.latest_charge.refunds"]
"""One request reads checkout, payment, charge and refunds: the deepest path expands what lies above it too."""

_NOT_FOUND = 404


class StripeProvider:
    """Fulfils shared.payments.payment_provider.PaymentProvider and shared.payments.customers.Customers."""

    def __init__(self, client: StripeClient) -> None:
        self._v1 = client.v1

    @classmethod
    def of(cls, settings: StripeSettings, *, max_retries: int) -> "StripeProvider":
        """The account that the settings name. A retry repeats the idempotency key, so it does nothing twice."""
        client = StripeClient(
            settings.stripe_api_key,
            stripe_version=PINNED_API_VERSION,
            base_addresses={"api": settings.stripe_base_url},
            max_network_retries=max_retries,
            http_client=StripeTransport(),
        )
        return cls(client)

    def create_customer(self, *, user_id: str, email: str | None, replacing: str | None = None) -> str:
        """The customer's id; Stripe knows the user's id, and their e-mail for its receipts.

        Under the same key Stripe would answer for a day with a customer who is gone.
        """
        key = f"customer-{user_id}" if replacing is None else f"customer-{user_id}-after-{replacing}"
        with _errors():
            return self._new_customer(_customer_params(user_id, email), (key, f"{key}-2", f"{key}-3"))

    def open_checkout(self, order: Payment, urls: ReturnUrls) -> Checkout:
        """The page of that order; its number is the idempotency key."""
        with _errors():
            session = self._v1.checkout.sessions.create(
                _checkout_params(order, urls), {"idempotency_key": str(order.id)}
            )
        if session.url is None:
            raise VendorDown("Stripe opened a checkout without an address.", retry_after_seconds=_RETRY_AFTER_SECONDS)
        return Checkout(session_id=session.id, url=session.url)

    def read_checkout(self, session_id: str) -> CheckoutFacts | None:
        """The truth as it is now, with its refunds and disputes."""
        session = self._session(session_id)
        if session is None:
            return None
        with _errors():
            return stripe_facts.of_session(session, (*self._refunds(session), *self._disputes(session)))

    def checkout_of_payment(self, payment_intent_id: str) -> CheckoutFacts | None:
        """Without its reversals."""
        with _errors(missing_is_none=True):
            found = self._v1.checkout.sessions.list({"payment_intent": payment_intent_id, "limit": 1})
            return stripe_facts.of_session(found.data[0]) if found.data else None
        return None

    def checkouts_since(self, since: datetime) -> Iterator[CheckoutFacts]:
        """Newest first, without their reversals."""
        with _errors():
            pages = self._v1.checkout.sessions.list(
                {"created": {"gte": int(since.timestamp())}, "limit": _PAGE, "expand": ["data.payment_intent"]}
            )
            yield from (stripe_facts.of_session(session) for session in pages.auto_paging_iter())

    def reversed_since(self, since: datetime) -> Iterator[str]:
        """Of refunds, then of disputes."""
        created = {"created": {"gte": int(since.timestamp())}, "limit": _PAGE}
        with _errors():
            for listing in (self._v1.refunds.list, self._v1.disputes.list):
                yield from _payment_ids(listing, created)

    def expire_checkout(self, session_id: str) -> None:
        """Only an open one can be expired."""
        with _errors():
            try:
                self._v1.checkout.sessions.expire(session_id)
            except stripe.InvalidRequestError:
                session = self._session(session_id)
                if session is not None and session.status == "open":
                    raise

    def customers_of(self, user_id: str) -> Sequence[str]:
        """By the id their metadata has from `create_customer`; those that were deleted are not found."""
        query = f"metadata['user_id']:'{user_id}'"
        with _errors():
            found = self._v1.customers.search({"query": query, "limit": _PAGE})
            return [customer.id for customer in found.auto_paging_iter()]

    def forget_customer(self, customer_id: str) -> None:
        """Stripe keeps their past payments, as its own books require, and removes who they were."""
        with _errors():
            try:
                self._v1.customers.delete(customer_id)
            except stripe.InvalidRequestError as error:
                if error.code != "resource_missing":
                    raise

    def _new_customer(self, params: "CustomerCreateParams", keys: Sequence[str]) -> str:
        """Made under the first key that no failure is kept under: else one bad answer would last for a day."""
        for key in keys[:-1]:
            try:
                return self._v1.customers.create(params, {"idempotency_key": key}).id
            except stripe.StripeError as error:
                if not _is_kept(error):
                    raise
        return self._v1.customers.create(params, {"idempotency_key": keys[-1]}).id

    def _session(self, session_id: str) -> "Session | None":
        with _errors(missing_is_none=True):
            return self._v1.checkout.sessions.retrieve(session_id, {"expand": _WITH_REFUNDS})
        return None

    def _refunds(self, session: "Session") -> "Iterator[stripe_facts.Reversal]":
        """Those that came along, unless there are more: then all of them from their own list."""
        charge = stripe_facts.charge_of(session)
        if charge is None or charge.refunds is None:
            return
        found: Iterable[Refund] = charge.refunds.data
        if charge.refunds.has_more:
            found = self._v1.refunds.list({"charge": charge.id, "limit": _PAGE}).auto_paging_iter()
        yield from (stripe_facts.of_refund(refund) for refund in found)

    def _disputes(self, session: "Session") -> "Iterator[stripe_facts.Reversal]":
        charge = stripe_facts.charge_of(session)
        if charge is not None and charge.disputed:
            found = self._v1.disputes.list({"charge": charge.id, "limit": _PAGE})
            yield from (stripe_facts.of_dispute(dispute) for dispute in found.auto_paging_iter())


def _customer_params(user_id: str, email: str | None) -> "CustomerCreateParams":
    params: CustomerCreateParams = {"metadata": {"user_id": user_id}}
    return {**params, "email": email} if email else params


def _checkout_params(order: Payment, urls: ReturnUrls) -> "SessionCreateParams":
    ours = {"order_id": str(order.id), "user_id": str(order.user_id), "package_id": order.package_id}
    return {
        "mode": "payment",
        "client_reference_id": str(order.id),
        "customer": order.stripe_customer_id,
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": order.currency,
                    "unit_amount": order.amount_cents,
                    "product_data": {"name": f"{order.credits_amount} credits"},
                },
            }
        ],
        # What is paid must be what was ordered: no exchange into another currency, no code that lowers the price.
        "adaptive_pricing": {"enabled": False},
        "allow_promotion_codes": False,
        "metadata": ours,
        "payment_intent_data": {"metadata": ours},
        "success_url": urls.success,
        "cancel_url": urls.cancel,
    }


def _is_kept(error: stripe.StripeError) -> bool:
    """Whether Stripe answered what it had kept, or would not hear other parameters under the same key."""
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    return isinstance(error, stripe.IdempotencyError) or headers.get("idempotent-replayed") == "true"


def _payment_ids(listing: Callable[..., Any], created: dict[str, Any]) -> Iterator[str]:
    for one in listing(created).auto_paging_iter():
        if isinstance(one.payment_intent, str):
            yield one.payment_intent


@contextmanager
def _errors(*, missing_is_none: bool = False) -> Generator[None]:
    """The SDK's errors as ours. Our own key refused counts as down: an operator can cure it, a caller cannot."""
    try:
        yield
    except stripe.InvalidRequestError as error:
        if missing_is_none and error.http_status == _NOT_FOUND:
            return
        if (error.code, error.param) == ("resource_missing", "customer"):
            raise CustomerGone("The payment provider does not know this customer any more.") from error
        param: object = error.param  # untyped in the SDK
        told = {"code": word(error.code), "param": word(param), "request": word(error.request_id)}
        log.error("stripe refused", extra=told)
        raise VendorRefused("The payment provider refused the request; it has been recorded.") from error
    except stripe.StripeError as error:
        log.error("stripe failed", extra={"kind": type(error).__name__, "request": word(error.request_id)})
        raise VendorDown(
            "The payment provider cannot be reached. Nothing was charged; try again in a moment.",
            retry_after_seconds=_RETRY_AFTER_SECONDS,
        ) from error
