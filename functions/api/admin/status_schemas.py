"""The wire shape of what an operator sees."""

from datetime import datetime
from uuid import UUID

from shared.db.backlog import Backlog
from shared.edge.shape import shape
from shared.status.model import QueueStatus, Status
from shared.values import frozen
from shared.version import VERSION


@frozen
class ConcernOut:
    """Something to see to. `code` is stable; `detail` says what is wrong and what to do."""

    code: str
    detail: str


@frozen
class QueueOut:
    """About how many messages of a queue wait, are being worked on and are put off; null when nobody knows."""

    name: str
    visible: int | None
    in_flight: int | None
    delayed: int | None
    dead_letters: int | None

    @classmethod
    def of(cls, queue: QueueStatus) -> "QueueOut":
        """The wire shape of a queue."""
        if queue.depth is None:
            return shape(cls, queue, visible=None, in_flight=None, delayed=None)
        return shape(cls, queue.depth, name=queue.name, dead_letters=queue.dead_letters)


@frozen
class StepCountOut:
    """Steps of a kind in a state. Those that ended are of the last 24 hours, and have no age."""

    kind: str
    state: str
    count: int
    oldest_seconds: float | None


@frozen
class BacklogOut:
    """How many things wait, and for how long the oldest has."""

    count: int
    oldest_seconds: float | None

    @classmethod
    def of(cls, backlog: Backlog) -> "BacklogOut":
        """The wire shape of a backlog."""
        return shape(cls, backlog)


@frozen
class StuckStepOut:
    """A step that nothing moves. Its `correlation_id` finds it in the log."""

    id: UUID
    user_id: UUID
    session_id: UUID
    kind: str
    state: str
    reason: str | None
    attempts: int
    age_seconds: float
    correlation_id: str | None


@frozen
class BreakerOut:
    """A provider that is not asked for a capability until then."""

    provider: str
    capability: str
    failures: int
    opened_until: datetime


@frozen
class UsersOfModelOut:
    """How many users are searched by an embedding model."""

    provider: str
    model: str
    users: int


@frozen
class ReembeddingOut:
    """How far users are on the way to the current embedding model; tokens of this day (UTC)."""

    users: list[UsersOfModelOut]
    under_way: int
    held_up: int
    clearing: int
    tokens: int | None
    tokens_a_day: int | None


@frozen
class StatusOut:
    """GET /api/admin/status. `healthy` when there are no concerns."""

    version: str
    healthy: bool
    concerns: list[ConcernOut]
    queues: list[QueueOut]
    steps: list[StepCountOut]
    stuck_steps: list[StuckStepOut]
    jobs: BacklogOut
    outbox: BacklogOut
    inbox: BacklogOut
    uploads: BacklogOut
    deletions: BacklogOut
    breakers: list[BreakerOut]
    reembedding: ReembeddingOut

    @classmethod
    def of(cls, status: Status) -> "StatusOut":
        """The wire shape of a stage's state."""
        tables = status.tables
        return cls(
            version=VERSION,
            healthy=not status.concerns,
            concerns=[shape(ConcernOut, concern) for concern in status.concerns],
            queues=[QueueOut.of(queue) for queue in status.queues],
            steps=[shape(StepCountOut, step) for step in tables.steps],
            stuck_steps=[shape(StuckStepOut, step) for step in tables.stuck],
            jobs=BacklogOut.of(tables.jobs),
            outbox=BacklogOut.of(tables.outbox),
            inbox=BacklogOut.of(tables.inbox),
            uploads=BacklogOut.of(tables.uploads),
            deletions=BacklogOut.of(tables.deletions),
            breakers=[shape(BreakerOut, breaker) for breaker in tables.breakers],
            reembedding=shape(
                ReembeddingOut,
                status.reembedding,
                users=[shape(UsersOfModelOut, of_model) for of_model in status.reembedding.users],
            ),
        )
