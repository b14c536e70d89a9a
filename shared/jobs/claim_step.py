"""Takes a step for one worker, with a fencing token."""

from shared.db.connection import Transaction
from shared.ids import StepId, UserId
from shared.jobs import repository, step_repository
from shared.jobs.model import LEASE, Step


def claim_step(tx: Transaction, user_id: UserId, step_id: StepId) -> Step | None:
    """The step, now running and ours; None when it is finished, gone, or another's for now.

    A repeat of the message may then be forgotten: if the other worker dies, the sweep announces the step again.
    """
    step = step_repository.claim(tx, user_id, step_id, LEASE)
    if step is not None:
        repository.begin_job(tx, user_id, step.job_id)
    return step
