"""The state of a running stage as values, and what of it needs an operator."""

from collections.abc import Sequence
from datetime import timedelta

from shared.ai.model import OpenBreaker
from shared.db.backlog import Backlog
from shared.jobs.model import StepCount, StuckStep
from shared.outbox.dead_letters import DEAD_LETTERS
from shared.outbox.queue_depths import Depth
from shared.reembedding.model import Progress
from shared.values import frozen

UNSENT_AFTER = timedelta(minutes=2)
"""The sweep sends what is unsent after 10 seconds, every minute."""

UNSETTLED_AFTER = timedelta(hours=1)
"""An event is handed over again and again, later each time, while its sender cannot be asked."""


UNDELETED_AFTER = timedelta(hours=24)
"""A deletion is handed over again every hour while a store does not let go. The law gives a month."""


@frozen
class QueueStatus:
    """One queue and its dead-letter queue; None when the queue service does not say."""

    name: str
    depth: Depth | None
    dead_letters: int | None
    oldest_seconds: float | None = None
    """How long the oldest of what it announces has been ready, by our own tables; None when nothing is."""


@frozen
class Tables:
    """What the tables hold, all read at one moment."""

    steps: Sequence[StepCount]
    stuck: Sequence[StuckStep]
    jobs: Backlog
    outbox: Backlog
    inbox: Backlog
    uploads: Backlog
    deletions: Backlog
    breakers: Sequence[OpenBreaker]


@frozen
class Concern:
    """Something an operator should see to: a stable word, what is wrong and what to do."""

    code: str
    detail: str


@frozen
class Status:
    """Everything `make status` shows."""

    tables: Tables
    reembedding: Progress
    queues: Sequence[QueueStatus]
    concerns: Sequence[Concern]


def concerns_of(tables: Tables, queues: Sequence[QueueStatus], reembedding: Progress | None = None) -> list[Concern]:
    """What does not heal by itself; empty when all is well."""
    found = [
        _unreachable(queues),
        *(_dead_letters(queue) for queue in queues),
        _overdue(
            tables.outbox,
            UNSENT_AFTER,
            code="outbox_late",
            detail="announcements lie unsent, the oldest for {minutes} minutes. Does the sweep run, and the queue "
            'service answer? See "Nothing is published" in docs/runbook.md.',
        ),
        _overdue(
            tables.inbox,
            UNSETTLED_AFTER,
            code="inbox_late",
            detail="events are not applied, the oldest for {minutes} minutes. Does Stripe answer? Does "
            'apply-payment run? See "Payments" in docs/runbook.md.',
        ),
        _overdue(
            tables.deletions,
            UNDELETED_AFTER,
            code="deletions_late",
            detail="deletions of accounts are not finished, the oldest for {minutes} minutes. Which store does not let "
            'go? See "A deletion does not finish" in docs/runbook.md.',
        ),
        _stuck(tables.stuck),
        _held_up(reembedding),
    ]
    return [concern for concern in found if concern is not None]


def _unreachable(queues: Sequence[QueueStatus]) -> Concern | None:
    if all(queue.depth is not None and queue.dead_letters is not None for queue in queues):
        return None
    return Concern(
        code="queues_unreachable",
        detail="The queue service does not say how full the queues are. Nothing is lost: the sweep sends later. "
        "Look at the service's own status.",
    )


def _dead_letters(queue: QueueStatus) -> Concern | None:
    if not queue.dead_letters:
        return None
    return Concern(
        code="dead_letters",
        detail=f"{queue.dead_letters} dead letters of {queue.name}. What stays there nobody could bury: find the cause "
        f'in the log, mend it, then redrive {queue.name}{DEAD_LETTERS}: see "Dead letters" in docs/runbook.md.',
    )


def _overdue(backlog: Backlog, after: timedelta, *, code: str, detail: str) -> Concern | None:
    age = timedelta(seconds=backlog.oldest_seconds or 0)
    if age <= after:
        return None
    return Concern(code=code, detail=f"{backlog.count} {detail.format(minutes=age // timedelta(minutes=1))}")


def _stuck(steps: Sequence[StuckStep]) -> Concern | None:
    if not steps:
        return None
    oldest = steps[0]
    return Concern(
        code="steps_stuck",
        detail=f"{len(steps)} steps do not move; the oldest is {oldest.kind} of session {oldest.session_id}. Follow "
        f'{oldest.correlation_id or oldest.id} through the log: see "A session is stuck" in docs/runbook.md.',
    )


def _held_up(reembedding: Progress | None) -> Concern | None:
    if reembedding is None or not reembedding.held_up:
        return None
    return Concern(
        code="reembedding_held_up",
        detail=f"{reembedding.held_up} users are not moved to the current embedding model: its provider refuses a note "
        'of theirs. They are still found by the old one: see "Users are not moved" in docs/runbook.md.',
    )
