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


def bury_step(db: Database, queue: Queue, *, user_id: UserId, step_id: StepId, started_by: str) -> None:
    """Fail an unfinished step, whoever holds it. One that ended by another message, or is gone, stays as it is.

    So does one that another request has set going again since: `started_by` is the message's correlation id, which is
    the step's own (shared/jobs/announce_step.py), and the message may have lain among dead letters for an hour.
    """
    try:
        with db.transaction(user_id) as tx:
            announced = _bury(tx, user_id, step_id, started_by)
    except NotFound:
        return
    publish_announced(db, queue, announced)


def _bury(tx: Transaction, user_id: UserId, step_id: StepId, started_by: str) -> list[Announcement]:
    step = find_step(tx, user_id, step_id)
    if step is None or step.correlation_id not in {None, started_by}:
        return []
    lock_session(tx, user_id, step.session_id)
    release_spend(tx, user_id, step_id)
    end_steps(tx, [step], StepState.FAILED, reason="gave_up")
    return advance_session(tx, user_id, step.job_id)
