"""Routes of an account as a whole: they translate, and call one use case each."""

from functions.api.account.schemas import CertificateOut, LogOut
from shared.account.log_out import log_out
from shared.db.connection import Database
from shared.edge.endpoint import AnyEndpoint, Endpoint, NoBody, NoQuery, Reply, Request
from shared.errors import VendorDown
from shared.leaving.carry_on_deletion import Patience
from shared.leaving.delete_account import delete_account
from shared.leaving.stores import Stores
from shared.outbox.queue import Queue
from shared.values import frozen

WITHIN_SECONDS = 10.0
"""Nothing new is begun later than this: the slowest single call still ends before the gateway gives up."""


@frozen
class Routes:
    """The routes, with what their use cases need."""

    db: Database
    queue: Queue
    stores: Stores

    def endpoints(self) -> list[AnyEndpoint]:
        """Every route of this function."""
        return [
            Endpoint(
                method="DELETE",
                path="/api/me",
                handle=self.delete,
                body=NoBody,
                query=NoQuery,
                replies={200: CertificateOut, 202: CertificateOut},
                errors=(VendorDown,),
                asks_first=True,
                checks_sign_in=True,
                serves_the_leaving=True,
                rate_class="account",
            ),
            Endpoint(
                method="POST",
                path="/api/auth/logout",
                handle=self.log_out,
                body=LogOut,
                query=NoQuery,
                replies={204: None},
                errors=(VendorDown,),
                asks_first=True,
                checks_sign_in=True,
                rate_class="account",
            ),
        ]

    def delete(self, request: Request[NoBody, NoQuery]) -> Reply:
        """Delete the account; answers the certificate, 202 while something is still pending."""
        patience = Patience(within_seconds=WITHIN_SECONDS)
        certificate = delete_account(self.db, self.stores, self.queue, request.user_id, patience)
        return Reply(status=202 if certificate.pending else 200, body=CertificateOut.of(certificate))

    def log_out(self, request: Request[LogOut, NoQuery]) -> Reply:
        """Sign out everywhere."""
        uid, device_id = request.claims.firebase_uid, request.body.device_id
        log_out(self.db, self.stores.accounts, request.user_id, firebase_uid=uid, device_id=device_id)
        return Reply(status=204)
