"""Asks the queue service how full the queues are."""

from collections.abc import Sequence

from shared.errors import VendorDown
from shared.outbox.dead_letters import DEAD_LETTERS
from shared.outbox.queue_depths import Depth, QueueDepths
from shared.status.model import QueueStatus
from shared.telemetry import log


def count_messages(depths: QueueDepths, names: Sequence[str]) -> list[QueueStatus]:
    """Each queue with its dead-letter queue; no numbers where nobody says.

    After the first refusal none is asked any more: each would cost a timeout, and the tables are to be shown.
    """
    answers: dict[str, Depth] = {}
    try:
        for name in names:
            answers[name] = depths.depth(name)
            answers[name + DEAD_LETTERS] = depths.depth(name + DEAD_LETTERS)
    except VendorDown as error:
        log.warning("queues not counted", extra={"code": error.exact_code})
    return [_status(name, answers.get(name), answers.get(name + DEAD_LETTERS)) for name in names]


def _status(name: str, depth: Depth | None, dead: Depth | None) -> QueueStatus:
    return QueueStatus(name=name, depth=depth, dead_letters=None if dead is None else dead.total)
