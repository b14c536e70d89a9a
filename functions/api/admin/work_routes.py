"""Routes of administrators about what is done for users, and what administrators did."""

from functions.api.admin.work_schemas import (
    AuditOut,
    AuditQuery,
    DeedOut,
    JobOut,
    JobsOut,
    JobsQuery,
    SessionFactsOut,
    SessionFactsPageOut,
    SessionsQuery,
    UsageQuery,
    UsageTotalsOut,
)
from shared.administration.list_all_jobs import list_all_jobs
from shared.administration.list_sessions import list_sessions
from shared.administration.read_audit_log import read_audit_log
from shared.administration.read_usage import read_usage
from shared.db.connection import Database
from shared.edge.endpoint import AnyEndpoint, Endpoint, NoBody, Reply, Request
from shared.edge.pages import cut
from shared.values import frozen


@frozen
class WorkRoutes:
    """The routes. `db` connects as the system role."""

    db: Database

    def endpoints(self) -> list[AnyEndpoint]:
        """Sessions and jobs; what they cost, and who looked after them."""
        return [*self._of_work(), *self._of_records()]

    def _of_work(self) -> list[AnyEndpoint]:
        return [
            Endpoint(
                method="GET",
                path="/api/admin/sessions",
                handle=self.sessions,
                body=NoBody,
                query=SessionsQuery,
                replies={200: SessionFactsPageOut},
                auth="admin",
            ),
            Endpoint(
                method="GET",
                path="/api/admin/jobs",
                handle=self.jobs,
                body=NoBody,
                query=JobsQuery,
                replies={200: JobsOut},
                auth="admin",
            ),
        ]

    def _of_records(self) -> list[AnyEndpoint]:
        return [
            Endpoint(
                method="GET",
                path="/api/admin/usage",
                handle=self.usage,
                body=NoBody,
                query=UsageQuery,
                replies={200: UsageTotalsOut},
                auth="admin",
            ),
            Endpoint(
                method="GET",
                path="/api/admin/audit",
                handle=self.audit,
                body=NoBody,
                query=AuditQuery,
                replies={200: AuditOut},
                auth="admin",
            ),
        ]

    def sessions(self, request: Request[NoBody, SessionsQuery]) -> Reply:
        """List sessions of everybody, or of one user, without anything they say."""
        query = request.query
        found = list_sessions(self.db, request.user_id, query.wanted(), before=query.position(), limit=query.limit + 1)
        page, cursor = cut(found, query.limit)
        return Reply(body=SessionFactsPageOut(sessions=[SessionFactsOut.of(one) for one in page], next_cursor=cursor))

    def jobs(self, request: Request[NoBody, JobsQuery]) -> Reply:
        """List jobs of everybody, or of one user, with their steps."""
        query = request.query
        found = list_all_jobs(self.db, request.user_id, query.wanted(), before=query.position(), limit=query.limit + 1)
        page, cursor = cut(found, query.limit)
        return Reply(body=JobsOut(jobs=[JobOut.of(job) for job in page], next_cursor=cursor))

    def usage(self, request: Request[NoBody, UsageQuery]) -> Reply:
        """Add up what providers were used for, and what it cost."""
        wanted = request.query.wanted()
        return Reply(body=UsageTotalsOut.of(wanted, read_usage(self.db, request.user_id, wanted)))

    def audit(self, request: Request[NoBody, AuditQuery]) -> Reply:
        """List what administrators did: who, what, to whom, why and when."""
        query = request.query
        found = read_audit_log(self.db, request.user_id, query.wanted(), before=query.position(), limit=query.limit + 1)
        page, cursor = cut(found, query.limit)
        return Reply(body=AuditOut(deeds=[DeedOut.of(deed) for deed in page], next_cursor=cursor))
