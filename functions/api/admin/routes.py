"""Routes of administrators: they translate, and call one use case each."""

from collections.abc import Sequence
from dataclasses import dataclass

from functions.api.admin.schemas import (
    AdjustCredits,
    AdjustedOut,
    AdminPaymentOut,
    AdminPaymentsOut,
    PaymentsQuery,
    ReplayWebhook,
    RerunOut,
    RerunStep,
    WebhookOut,
    WebhooksOut,
    WebhooksQuery,
)
from functions.api.admin.status_schemas import StatusOut
from shared.account.adjust_credits import Adjustment, adjust_credits
from shared.db.connection import Database
from shared.edge.endpoint import AnyEndpoint, Endpoint, NoBody, NoQuery, Reply, Request
from shared.edge.pages import cut
from shared.errors import Conflict
from shared.ids import StepId, UserId
from shared.inbox.list_events import list_events
from shared.inbox.model import EventFilter
from shared.outbox.queue import Queue
from shared.outbox.queue_depths import QueueDepths
from shared.payments.list_all_payments import list_all_payments
from shared.payments.model import SOURCE
from shared.payments.replay_notice import replay_notice
from shared.sessions.rerun_step import Rerun, rerun_step
from shared.status.read_status import read_status


@dataclass(frozen=True, kw_only=True)
class Routes:
    """The routes, with what their use cases need. `db` connects as the system role."""

    db: Database
    queue: Queue
    depths: QueueDepths
    watched: Sequence[str]

    def endpoints(self) -> list[AnyEndpoint]:
        """Every route of this function; each is for administrators."""
        return [*self._of_payments(), *self._of_repairs()]

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

    def _of_repairs(self) -> list[AnyEndpoint]:
        adjust = "/api/admin/users/{user_id}/credits"
        rerun = "/api/admin/users/{user_id}/steps/{step_id}/rerun"
        return [
            Endpoint(
                method="GET",
                path="/api/admin/status",
                handle=self.status,
                body=NoBody,
                query=NoQuery,
                replies={200: StatusOut},
                auth="admin",
            ),
            Endpoint(
                method="POST",
                path=adjust,
                handle=self.adjust,
                body=AdjustCredits,
                query=NoQuery,
                replies={200: AdjustedOut, 201: AdjustedOut},
                errors=(Conflict,),
                auth="admin",
            ),
            Endpoint(
                method="POST",
                path=rerun,
                handle=self.rerun,
                body=RerunStep,
                query=NoQuery,
                replies={202: RerunOut},
                errors=(Conflict,),
                auth="admin",
            ),
        ]

    def payments(self, request: Request[NoBody, PaymentsQuery]) -> Reply:
        """List everybody's payments, or those of one user."""
        query = request.query
        user_id = None if query.user_id is None else UserId(query.user_id)
        found = list_all_payments(self.db, user_id, before=query.position(), limit=query.limit + 1)
        page, cursor = cut(found, query.limit)
        out = [AdminPaymentOut.of_payment(payment) for payment in page]
        return Reply(body=AdminPaymentsOut(payments=out, next_cursor=cursor))

    def webhooks(self, request: Request[NoBody, WebhooksQuery]) -> Reply:
        """List the events Stripe told us."""
        query = request.query
        wanted = EventFilter(source=SOURCE, state=query.state, type=query.type)
        found = list_events(self.db, wanted, before=query.position(), limit=query.limit + 1)
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

    def adjust(self, request: Request[AdjustCredits, NoQuery]) -> Reply:
        """Give a user credits, or take some: 201, or 200 when it was done before."""
        wanted = request.body
        adjustment = Adjustment(
            id=wanted.id, user_id=UserId(request.path["user_id"]), credits=wanted.credits, reason=wanted.reason
        )
        return request.once(
            lambda adjusted: Reply(status=201 if adjusted.is_new else 200, body=AdjustedOut.of(adjusted)),
            lambda keep: adjust_credits(self.db, request.user_id, adjustment, keep=keep),
        )

    def status(self, _request: Request[NoBody, NoQuery]) -> Reply:
        """Tell what waits where, for how long, and what needs a hand."""
        return Reply(body=StatusOut.of(read_status(self.db, self.depths, self.watched)))

    def rerun(self, request: Request[RerunStep, NoQuery]) -> Reply:
        """Do a step once more, at our expense: 202 with the job that does it."""
        wanted = Rerun(
            user_id=UserId(request.path["user_id"]),
            step_id=StepId(request.path["step_id"]),
            reason=request.body.reason,
        )
        return request.once(
            lambda job_id: Reply(status=202, body=RerunOut(job_id=job_id)),
            lambda keep: rerun_step(self.db, self.queue, request.user_id, wanted, keep=keep),
        )
