"""Routes of administrators: they translate, and call one use case each."""

from collections.abc import Sequence

from functions.api.admin.queue_routes import QueueRoutes
from functions.api.admin.schemas import (
    AdminPaymentOut,
    AdminPaymentsOut,
    PaymentsQuery,
    ReplayWebhook,
    WebhookOut,
    WebhooksOut,
    WebhooksQuery,
)
from functions.api.admin.user_routes import UserRoutes
from functions.api.admin.work_routes import WorkRoutes
from shared.db.connection import Database
from shared.edge.endpoint import AnyEndpoint, Endpoint, NoBody, NoQuery, Reply, Request
from shared.edge.pages import cut
from shared.ids import UserId
from shared.inbox.model import EventFilter
from shared.outbox.dead_letters import DeadLetters
from shared.outbox.queue import Queue
from shared.outbox.queue_depths import QueueDepths
from shared.payments.list_all_payments import list_all_payments
from shared.payments.list_notices import list_notices
from shared.payments.model import SOURCE
from shared.payments.replay_notice import replay_notice
from shared.values import frozen


@frozen
class Routes:
    """The routes, with what their use cases need. `db` connects as the system role."""

    db: Database
    queue: Queue
    letters: DeadLetters
    depths: QueueDepths
    watched: Sequence[str]
    providers: Sequence[str]

    def endpoints(self) -> list[AnyEndpoint]:
        """Every route of this function; each is for administrators."""
        queues = QueueRoutes(
            db=self.db,
            letters=self.letters,
            depths=self.depths,
            watched=self.watched,
            known_providers=self.providers,
        )
        return [
            *UserRoutes(db=self.db, queue=self.queue).endpoints(),
            *WorkRoutes(db=self.db).endpoints(),
            *self._of_payments(),
            *queues.endpoints(),
        ]

    def _of_payments(self) -> list[AnyEndpoint]:
        webhooks = "/api/admin/webhooks"
        replay = webhooks + "/{webhook_id}/replay"
        return [
            Endpoint(
                method="GET",
                path="/api/admin/payments",
                handle=self.payments,
                body=NoBody,
                query=PaymentsQuery,
                replies={200: AdminPaymentsOut},
                auth="admin",
            ),
            Endpoint(
                method="GET",
                path=webhooks,
                handle=self.webhooks,
                body=NoBody,
                query=WebhooksQuery,
                replies={200: WebhooksOut},
                auth="admin",
            ),
            Endpoint(
                method="POST",
                path=replay,
                handle=self.replay,
                body=ReplayWebhook,
                query=NoQuery,
                replies={200: WebhookOut},
                auth="admin",
            ),
        ]

    def payments(self, request: Request[NoBody, PaymentsQuery]) -> Reply:
        """List everybody's payments, or those of one user."""
        query = request.query
        user_id = None if query.user_id is None else UserId(query.user_id)
        before, limit = query.position(), query.limit
        found = list_all_payments(self.db, request.user_id, user_id, before=before, limit=limit + 1)
        page, cursor = cut(found, limit)
        out = [AdminPaymentOut.of_payment(payment) for payment in page]
        return Reply(body=AdminPaymentsOut(payments=out, next_cursor=cursor))

    def webhooks(self, request: Request[NoBody, WebhooksQuery]) -> Reply:
        """List the events Stripe told us."""
        query = request.query
        wanted = EventFilter(source=SOURCE, state=query.state, type=query.type)
        found = list_notices(self.db, request.user_id, wanted, before=query.position(), limit=query.limit + 1)
        page, cursor = cut([WebhookOut.of(event) for event in found], query.limit)
        return Reply(body=WebhooksOut(webhooks=list(page), next_cursor=cursor))

    def replay(self, request: Request[ReplayWebhook, NoQuery]) -> Reply:
        """Apply an event once more."""
        webhook_id = request.path["webhook_id"]
        reason = request.body.reason
        return request.once(
            lambda event: Reply(body=WebhookOut.of(event)),
            lambda keep: replay_notice(self.db, self.queue, request.user_id, webhook_id, reason=reason, keep=keep),
        )
