"""Routes of packages and payments: they translate, and call one use case each."""

from collections.abc import Sequence

from functions.api.payments.schemas import HistoryOut, PackageOut, PackagesOut, PaymentOut
from shared.db.connection import Database
from shared.edge.endpoint import AnyEndpoint, Endpoint, NoBody, OpenEndpoint, Reply, Request
from shared.edge.pages import PageQuery, cut
from shared.payments.list_payments import list_payments
from shared.payments.model import Package
from shared.values import frozen


@frozen
class Routes:
    """The routes, with what their use cases need."""

    db: Database
    packages: Sequence[Package]

    def endpoints(self) -> list[AnyEndpoint]:
        """Every route of this function."""
        return [
            OpenEndpoint(
                method="GET", path="/api/payments/packages", handle=self.list_packages, replies={200: PackagesOut}
            ),
            Endpoint(
                method="GET",
                path="/api/payments/history",
                handle=self.history,
                body=NoBody,
                query=PageQuery,
                replies={200: HistoryOut},
            ),
        ]

    def list_packages(self) -> Reply:
        """List what is for sale."""
        return Reply(body=PackagesOut(packages=[PackageOut.of(package) for package in self.packages]))

    def history(self, request: Request[NoBody, PageQuery]) -> Reply:
        """List the caller's payments, newest first."""
        query = request.query
        found = list_payments(self.db, request.user_id, before=query.position(), limit=query.limit + 1)
        page, cursor = cut(found, query.limit)
        return Reply(body=HistoryOut(payments=[PaymentOut.of(payment) for payment in page], next_cursor=cursor))
