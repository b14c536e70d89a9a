"""Sessions that waited long enough for an upload go on with what they have."""

from datetime import timedelta

from shared.db.connection import Database
from shared.errors import NotFound
from shared.jobs.end_steps import end_steps
from shared.jobs.model import Step, StepState
from shared.jobs.overdue import steps_waiting_too_long
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.sessions.advance_session import advance_session
from shared.sessions.lock_session import lock_session

UPLOAD_DEADLINE = timedelta(hours=24)


def stop_waiting(system_db: Database, queue: Queue) -> int:
    """How many steps were given up."""
    with system_db.transaction(None) as tx:
        steps = steps_waiting_too_long(tx, UPLOAD_DEADLINE)
    return sum(_go_on_without(system_db, queue, step) for step in steps)


def _go_on_without(db: Database, queue: Queue, step: Step) -> bool:
    try:
        with db.transaction(step.user_id) as tx:
            lock_session(tx, step.user_id, step.session_id)
            end_steps(tx, [step], StepState.SKIPPED, reason="upload_never_arrived")
            announced = advance_session(tx, step.user_id, step.job_id)
    except NotFound:
        return False
    publish_announced(db, queue, announced)
    return True
