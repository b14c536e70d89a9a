"""Routes of administrators about users."""

from functions.api.admin.schemas import AdjustCredits, AdjustedOut, RerunOut, RerunStep
from functions.api.admin.user_schemas import Because, UserFactsOut, UserOut, UsersOut, UsersQuery
from shared.account.adjust_credits import Adjustment, adjust_credits
from shared.administration.list_users import list_users
from shared.administration.read_user import read_user
from shared.administration.shut_account import Shutting, shut_account
from shared.db.connection import Database
from shared.edge.endpoint import AnyEndpoint, Endpoint, NoBody, NoQuery, Reply, Request
from shared.edge.pages import cut
from shared.errors import Conflict
from shared.ids import StepId, UserId
from shared.outbox.queue import Queue
from shared.sessions.rerun_step import Rerun, rerun_step
from shared.values import frozen

USERS = "/api/admin/users"
USER = USERS + "/{user_id}"


@frozen
class UserRoutes:
    """The routes, with what their use cases need. `db` connects as the system role."""

    db: Database
    queue: Queue

    def endpoints(self) -> list[AnyEndpoint]:
        """What can be seen of users, and done for them or against them."""
        return [*self._seeing(), *self._shutting(), *self._repairing()]

    def _seeing(self) -> list[AnyEndpoint]:
        return [
            Endpoint(
                method="GET",
                path=USERS,
                handle=self.users,
                body=NoBody,
                query=UsersQuery,
                replies={200: UsersOut},
                auth="admin",
            ),
            Endpoint(
                method="GET",
                path=USER,
                handle=self.user,
                body=NoBody,
                query=NoQuery,
                replies={200: UserFactsOut},
                auth="admin",
            ),
        ]

    def _shutting(self) -> list[AnyEndpoint]:
        return [
            Endpoint(
                method="POST",
                path=f"{USER}/{name}",
                handle=handle,
                body=Because,
                query=NoQuery,
                replies={200: UserOut},
                errors=(Conflict,),
                auth="admin",
            )
            for name, handle in (("disable", self.disable), ("enable", self.enable))
        ]

    def _repairing(self) -> list[AnyEndpoint]:
        return [
            Endpoint(
                method="POST",
                path=f"{USER}/credits",
                handle=self.adjust,
                body=AdjustCredits,
                query=NoQuery,
                replies={200: AdjustedOut, 201: AdjustedOut},
                errors=(Conflict,),
                auth="admin",
            ),
            Endpoint(
                method="POST",
                path=USER + "/steps/{step_id}/rerun",
                handle=self.rerun,
                body=RerunStep,
                query=NoQuery,
                replies={202: RerunOut},
                errors=(Conflict,),
                auth="admin",
            ),
        ]

    def users(self, request: Request[NoBody, UsersQuery]) -> Reply:
        """List users, found by how their address or uid begins."""
        query = request.query
        wanted = query.wanted()
        found = list_users(self.db, request.user_id, wanted, before=query.position(), limit=query.limit + 1)
        page, cursor = cut(found, query.limit)
        return Reply(body=UsersOut(users=[UserOut.of(account) for account in page], next_cursor=cursor))

    def user(self, request: Request[NoBody, NoQuery]) -> Reply:
        """Read where a user stands, how much they have, and their latest jobs."""
        facts = read_user(self.db, request.user_id, UserId(request.path["user_id"]))
        return Reply(body=UserFactsOut.of(facts))

    def disable(self, request: Request[Because, NoQuery]) -> Reply:
        """Shut an account: its user is refused from the next request on."""
        return request.once(
            lambda account: Reply(body=UserOut.of(account)),
            lambda keep: shut_account(self.db, request.user_id, _shutting(request, is_disabled=True), keep=keep),
        )

    def enable(self, request: Request[Because, NoQuery]) -> Reply:
        """Open an account that was shut."""
        return request.once(
            lambda account: Reply(body=UserOut.of(account)),
            lambda keep: shut_account(self.db, request.user_id, _shutting(request, is_disabled=False), keep=keep),
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


def _shutting(request: Request[Because, NoQuery], *, is_disabled: bool) -> Shutting:
    return Shutting(user_id=UserId(request.path["user_id"]), is_disabled=is_disabled, reason=request.body.reason)
