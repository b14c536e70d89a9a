"""Reports every minute, as metrics, how much waits and for how long, while anything does."""

from shared.db.backlog import Backlog
from shared.db.connection import Database
from shared.gauges.tell_gauges import tell_gauges
from shared.jobs.model import StepCount, StepState
from shared.metrics import count, held, seconds
from shared.status.model import Tables
from shared.status.read_tables import read_tables


def report_backlog(db: Database) -> int:
    """How many unfinished steps there are. `db` connects as the system role."""
    with db.transaction(None) as tx:
        tables = read_tables(tx)
        with held() as gauges:
            unfinished = _measure(tables)
        tell_gauges(tx, "backlog", gauges)
    return unfinished


def _measure(tables: Tables) -> int:
    waiting, ready, running = (
        _of_state(tables, state) for state in (StepState.WAITING, StepState.READY, StepState.RUNNING)
    )
    count("steps_waiting", waiting.count)
    seconds("steps_waiting_s", _age(waiting))
    count("steps_ready", ready.count)
    seconds("steps_ready_s", _age(ready))
    count("steps_running", running.count)
    seconds("steps_running_s", _age(running))
    count("steps_stuck", len(tables.stuck))
    count("jobs_unfinished", tables.jobs.count)
    seconds("jobs_unfinished_s", _age(tables.jobs))
    count("outbox_unsent", tables.outbox.count)
    seconds("outbox_lag_s", _age(tables.outbox))
    count("inbox_received", tables.inbox.count)
    seconds("inbox_lag_s", _age(tables.inbox))
    count("uploads_pending", tables.uploads.count)
    seconds("uploads_pending_s", _age(tables.uploads))
    count("deletions_unfinished", tables.deletions.count)
    seconds("deletions_lag_s", _age(tables.deletions))
    count("breakers_open", len(tables.breakers))
    return waiting.count + ready.count + running.count


def _of_state(tables: Tables, state: StepState) -> Backlog:
    steps: list[StepCount] = [step for step in tables.steps if step.state is state]
    ages = [step.oldest_seconds for step in steps if step.oldest_seconds is not None]
    return Backlog(count=sum(step.count for step in steps), oldest_seconds=max(ages, default=None))


def _age(backlog: Backlog) -> float:
    """Zero when nothing waits: an alarm must see that it is over."""
    return max(0, round(backlog.oldest_seconds or 0, 3))
