"""What `make status` shows of a running bundle."""

from collections.abc import Iterable, Sequence

from shared.db.connection import Database
from shared.errors import VendorDown
from shared.outbox.queue_depths import Depth, QueueDepths
from shared.reembedding.read_progress import read_progress
from shared.status.model import DEAD_LETTERS, QueueStatus, Status, concerns_of
from shared.status.read_tables import read_tables
from shared.telemetry import log


def read_status(db: Database, depths: QueueDepths, queue_names: Sequence[str]) -> Status:
    """The state of all users' work, and what of it needs a hand. `db` connects as the system role."""
    with db.transaction(None) as tx:
        tables, reembedding = read_tables(tx), read_progress(tx)
    queues = list(_read_queues(depths, queue_names))
    concerns = concerns_of(tables, queues, reembedding)
    return Status(tables=tables, reembedding=reembedding, queues=queues, concerns=concerns)


def _read_queues(depths: QueueDepths, names: Sequence[str]) -> Iterable[QueueStatus]:
    """After the first refusal none is asked any more: each would cost a timeout, and the tables are to be shown."""
    answers: dict[str, Depth] = {}
    try:
        for name in names:
            answers[name] = depths.depth(name)
            answers[name + DEAD_LETTERS] = depths.depth(name + DEAD_LETTERS)
    except VendorDown as error:
        log.warning("queues not counted", extra={"code": error.exact_code})
    for name in names:
        dead = answers.get(name + DEAD_LETTERS)
        yield QueueStatus(name=name, depth=answers.get(name), dead_letters=None if dead is None else dead.total)
