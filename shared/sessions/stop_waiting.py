"""A session has waited long enough for an upload: it goes on with what it has."""

from datetime import timedelta

from shared.db.connection import Database
from shared.errors import NotFound
from shared.jobs.end_steps import end_steps
from shared.jobs.model import Step, StepState
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.sessions.advance_session import advance_session
from shared.sessions.lock_session import lock_session

UPLOAD_DEADLINE = timedelta(hours=24)


def stop_waiting(db: Database, queue: Queue, step: Step) -> None:
    """Skip the step that waited, and move its session on."""
    try:
        with db.transaction(step.user_id) as tx:
            lock_session(tx, step.user_id, step.session_id)
            end_steps(tx, [step], StepState.SKIPPED, reason="upload_never_arrived")
            announced = advance_session(tx, step.user_id, step.job_id)
    except NotFound:
        return
    publish_announced(db, queue, announced)
