"""The route that opens a checkout page."""

from functions.api.checkout.schemas import CheckoutOut, StartCheckout
from shared.db.connection import Database
from shared.edge.endpoint import AnyEndpoint, Endpoint, NoQuery, Reply, Request
from shared.errors import VendorDown, VendorRefused
from shared.payments.payment_provider import PaymentProvider
from shared.payments.start_checkout import Shop, start_checkout
from shared.values import frozen


@frozen
class Routes:
    """The route, with what its use case needs."""

    db: Database
    provider: PaymentProvider
    shop: Shop

    def endpoints(self) -> list[AnyEndpoint]:
        """Every route of this function."""
        path = "/api/payments/checkout"
        return [
            Endpoint(
                method="POST",
                path=path,
                handle=self.start,
                body=StartCheckout,
                query=NoQuery,
                replies={201: CheckoutOut},
                errors=(VendorDown, VendorRefused),
                rate_class="checkout",
                checks_sign_in=True,
            )
        ]

    def start(self, request: Request[StartCheckout, NoQuery]) -> Reply:
        """Order a package: 201 with the page to pay on."""
        return request.once(
            lambda opened: Reply(status=201, body=CheckoutOut(payment_id=opened.order.id, checkout_url=opened.url)),
            lambda keep: start_checkout(
                self.db, self.provider, self.shop, request.user_id, request.body.package_id, keep=keep
            ),
        )
