"""The wire shapes of queues and dead letters."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from functions.api.admin.schemas import Why
from functions.api.admin.status_schemas import QueueOut
from shared.administration.redrive_dead_letters import Redriven
from shared.edge.endpoint import Body, Query
from shared.edge.shape import shape
from shared.outbox.dead_letters import Received, ids_of
from shared.status.model import QueueStatus
from shared.values import frozen

QueueName = Annotated[str, StringConstraints(min_length=1, max_length=80)]
"""The name of a queue, without what its dead-letter queue's name ends with."""

MOST_REDRIVEN = 10_000


@frozen
class AgedQueueOut:
    """A queue, and for how long the oldest step in it has been ready; null where no step is, or the queue has none."""

    name: str
    visible: int | None
    in_flight: int | None
    delayed: int | None
    dead_letters: int | None
    oldest_seconds: float | None

    @classmethod
    def of(cls, queue: QueueStatus) -> "AgedQueueOut":
        """The wire shape of a queue."""
        return shape(cls, QueueOut.of(queue), oldest_seconds=queue.oldest_seconds)


@frozen
class QueuesOut:
    """Every queue."""

    queues: list[AgedQueueOut]


class DeadLettersQuery(Query):
    """GET /api/admin/dead-letters."""

    queue: QueueName
    limit: Annotated[int, Field(ge=1, le=100)] = 20


@frozen
class DeadLetterOut:
    """A dead letter: of what it says only ids, by their names; none when it is not a message of ours."""

    message_id: str
    ids: dict[str, str]
    receives: int
    age_seconds: float
    sent_at: datetime

    @classmethod
    def of(cls, letter: Received, now: datetime) -> "DeadLetterOut":
        """The wire shape of a dead letter."""
        return cls(
            message_id=letter.id,
            ids=dict(ids_of(letter.body)),
            receives=letter.receives,
            age_seconds=max(0.0, (now - letter.sent_at).total_seconds()),
            sent_at=letter.sent_at,
        )


@frozen
class DeadLettersOut:
    """Some dead letters of a queue. They stay where they are."""

    queue: str
    dead_letters: list[DeadLetterOut]

    @classmethod
    def of(cls, queue: str, letters: Sequence[Received]) -> "DeadLettersOut":
        """The wire shape of what was found."""
        now = datetime.now(UTC)
        return cls(queue=queue, dead_letters=[DeadLetterOut.of(letter, now) for letter in letters])


class RedriveDeadLetters(Body):
    """POST /api/admin/dead-letters/redrive."""

    queue: QueueName
    reason: Why
    limit: Annotated[int, Field(ge=1, le=MOST_REDRIVEN)] = 1_000


@frozen
class RedrivenOut:
    """How many went back to their queue; `is_empty` says that no more were seen: otherwise ask again."""

    queue: str
    moved: int
    is_empty: bool

    @classmethod
    def of(cls, redriven: Redriven) -> "RedrivenOut":
        """The wire shape of what was done."""
        return shape(cls, redriven)
