"""Announces steps again whose message was lost, whose worker died, or whose time has come."""

from shared import telemetry
from shared.db.connection import Database
from shared.jobs.announce_step import announce_step
from shared.jobs.model import Step
from shared.jobs.overdue import steps_unheard
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue


def announce_unheard(system_db: Database, queue: Queue) -> int:
    """How many were announced. Doing so once too often does no harm: only one worker can claim a step."""
    with system_db.transaction(None) as tx:
        steps = steps_unheard(tx)
    for step in steps:
        with telemetry.correlated(step.correlation_id):
            _announce(system_db, queue, step)
    return len(steps)


def _announce(db: Database, queue: Queue, step: Step) -> None:
    with db.transaction(step.user_id) as tx:
        announced = announce_step(tx, step)
    publish_announced(db, queue, [announced])
