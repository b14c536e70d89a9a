"""The route of Stripe's webhooks: the signature over the raw bytes is the caller's proof."""

import time
from collections.abc import Sequence

from functions.api.stripe_webhook.schemas import ReceivedOut
from shared.db.connection import Database
from shared.edge.endpoint import AnyEndpoint, RawRequest, Reply, WebhookEndpoint
from shared.outbox.queue import Queue
from shared.payments.notice import read_notice
from shared.payments.receive_notice import receive_notice
from shared.payments.stripe_signature import check_signature
from shared.values import frozen


@frozen
class Routes:
    """The route, with what its use case needs. Any of `secrets` may have signed."""

    db: Database
    queue: Queue
    secrets: Sequence[str]
    livemode: bool

    def endpoints(self) -> list[AnyEndpoint]:
        """Every route of this function."""
        return [
            WebhookEndpoint(method="POST", path="/api/webhooks/stripe", handle=self.receive, replies={200: ReceivedOut})
        ]

    def receive(self, request: RawRequest) -> Reply:
        """Take an event of Stripe: 200 as soon as it is kept; 400 for what Stripe did not sign."""
        check_signature(request.body, request.headers.get("stripe-signature"), self.secrets, now=time.time())
        receive_notice(self.db, self.queue, read_notice(request.body), livemode=self.livemode)
        return Reply(body=ReceivedOut(received=True))
