"""Writes the message that wakes the worker of a step."""

from shared.db.connection import Transaction
from shared.jobs import step_repository
from shared.jobs.model import Step
from shared.outbox.announce import announce
from shared.outbox.model import Announcement


def announce_step(tx: Transaction, step: Step) -> Announcement:
    """Announce a ready step; announcing twice does no harm, for only one worker can claim it.

    The message carries the step's own correlation id, whoever announces it: an upload, another worker, the sweep.
    """
    step_repository.mark_announced(tx, step.user_id, step.id)
    body = {"step_id": str(step.id)}
    return announce(tx, step.user_id, step.kind.queue, body, correlation_id=step.correlation_id)
