"""Routes of health. They need no caller, and tell nobody more than up or down."""

from collections.abc import Callable

from functions.api.health.schemas import HealthOut, LiveOut
from functions.catalogue import OBJECT_CREATED_QUEUE
from shared.db.check_schema import check_schema
from shared.db.connection import Database
from shared.edge.endpoint import AnyEndpoint, OpenEndpoint, Reply
from shared.errors import SchemaBehind, SecondBrainError
from shared.media.store import ObjectStore
from shared.outbox.queue import Queue
from shared.telemetry import log
from shared.values import frozen
from shared.version import VERSION


@frozen
class Routes:
    """The routes, with the parts they look at."""

    db: Database
    queue: Queue
    store: ObjectStore

    def endpoints(self) -> list[AnyEndpoint]:
        """Every route of this function."""
        return [
            OpenEndpoint(
                method="GET", path="/api/health", handle=self.health, replies={200: HealthOut, 503: HealthOut}
            ),
            OpenEndpoint(method="GET", path="/api/health/live", handle=self.live, replies={200: LiveOut}),
        ]

    def health(self) -> Reply:
        """Tell whether every part answers: 200, else 503 with the failing part named."""
        parts = {
            "database": _state("database", lambda: check_schema(self.db)),
            "queue": _state("queue", lambda: self.queue.check(OBJECT_CREATED_QUEUE)),
            "storage": _state("storage", self.store.check),
        }
        is_healthy = all(state == "connected" for state in parts.values())
        status = "healthy" if is_healthy else "unhealthy"
        return Reply(status=200 if is_healthy else 503, body=HealthOut(status=status, version=VERSION, **parts))

    def live(self) -> Reply:
        """Tell that the function runs; touches nothing."""
        return Reply(body=LiveOut(status="alive", version=VERSION))


def _state(part: str, check: Callable[[], None]) -> str:
    try:
        check()
    except SecondBrainError as error:
        log.error("unhealthy", extra={"part": part, "code": error.exact_code})
        return "outdated" if isinstance(error, SchemaBehind) else "unreachable"
    return "connected"
