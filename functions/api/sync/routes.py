"""Routes of sync: they translate, and call one use case each."""

from functions.api.sync.schemas import (
    ChangesOut,
    ChangesQuery,
    ReconciledOut,
    ReconcileItems,
    VerdictOut,
    change_out,
    write_position,
)
from shared.db.connection import Database
from shared.edge.endpoint import AnyEndpoint, Endpoint, NoBody, NoQuery, Reply, Request
from shared.sync.read_changes import read_changes
from shared.sync.reconcile_items import reconcile_items
from shared.values import frozen


@frozen
class Routes:
    """The routes, with what their use cases need."""

    db: Database

    def endpoints(self) -> list[AnyEndpoint]:
        """Every route of this function."""
        return [
            Endpoint(
                method="GET",
                path="/api/sync/changes",
                handle=self.changes,
                body=NoBody,
                query=ChangesQuery,
                replies={200: ChangesOut},
            ),
            Endpoint(
                method="POST",
                path="/api/sync/reconcile",
                handle=self.reconcile,
                body=ReconcileItems,
                query=NoQuery,
                replies={200: ReconciledOut},
                repeats="anew",  # it only reads
            ),
        ]

    def changes(self, request: Request[NoBody, ChangesQuery]) -> Reply:
        """List what has changed behind the cursor, and the cursor to ask with next time."""
        query = request.query
        page = read_changes(self.db, request.user_id, after=query.position(), limit=query.limit)
        return Reply(
            body=ChangesOut(
                changes=[change_out(thing) for thing in page.things],
                next_cursor=write_position(page.position),
                has_more=page.has_more,
            )
        )

    def reconcile(self, request: Request[ReconcileItems, NoQuery]) -> Reply:
        """Tell what we have of each item, in their order."""
        items = [item.as_held_item() for item in request.body.items]
        verdicts = reconcile_items(self.db, request.user_id, items)
        out = [VerdictOut.of(item, verdict) for item, verdict in zip(items, verdicts, strict=True)]
        return Reply(body=ReconciledOut(items=out))
