"""Keeps a step ours while its worker waits for a provider, so that leases can be short.

Without this a lease would have to outlast the slowest answer, and a killed worker's step would lie for as long.
"""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

from shared.db.connection import Database
from shared.errors import SecondBrainError
from shared.jobs import step_repository
from shared.jobs.model import HEARTBEAT, LEASE, Step
from shared.telemetry import log

LONGEST = timedelta(seconds=900)
"""No function lives longer: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


@contextmanager
def keep_lease(db: Database, step: Step, *, every: timedelta = HEARTBEAT) -> Generator[None]:
    """Renew the lease of a claimed step every so often, from a thread, until the block is left.

    A renewal that fails is tried again at the next beat. When the step is no longer ours the beats end; what this
    worker then writes is refused by its fencing token.
    """
    done = Event()
    thread = Thread(target=_beat, args=(db, step, every, done), name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _beat(db: Database, step: Step, every: timedelta, done: Event) -> None:
    for _ in range(int(LONGEST / every)):
        if done.wait(every.total_seconds()) or not _renew(db, step):
            return


def _renew(db: Database, step: Step) -> bool:
    try:
        with db.transaction(step.user_id) as tx:
            return step_repository.renew_lease(tx, step, LEASE)
    except SecondBrainError as error:
        log.warning("lease not renewed", extra={"step_id": str(step.id), "code": error.exact_code})
        return True
