"""Ends the step of a message that no worker could handle, and with it the session; the credit comes back once."""

from shared.ai.release_spend import release_spend
from shared.db.connection import Database, Transaction
from shared.errors import NotFound
from shared.ids import StepId, UserId
from shared.jobs.end_steps import end_steps
from shared.jobs.model import StepState
from shared.jobs.reading import find_step
from shared.outbox.model import Announcement
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.sessions.advance_session import advance_session
from shared.sessions.lock_session import lock_session


def bury_step(db: Database, queue: Queue, *, user_id: UserId, step_id: StepId) -> None:
    """Fail an unfinished step, whoever holds it. One that ended by another message, or is gone, stays as it is."""
    try:
        with db.transaction(user_id) as tx:
            announced = _bury(tx, user_id, step_id)
    except NotFound:
        return
    publish_announced(db, queue, announced)


def _bury(tx: Transaction, user_id: UserId, step_id: StepId) -> list[Announcement]:
    step = find_step(tx, user_id, step_id)
    if step is None:
        return []
    lock_session(tx, user_id, step.session_id)
    release_spend(tx, user_id, step_id)
    end_steps(tx, [step], StepState.FAILED, reason="gave_up")
    return advance_session(tx, user_id, step.job_id)
