"""Writes the message that wakes the worker of a step."""

from shared.db.connection import Transaction
from shared.jobs.announce_steps import announce_steps
from shared.jobs.model import Step
from shared.outbox.model import Announcement


def announce_step(tx: Transaction, step: Step) -> Announcement:
    """Announce a ready step; announcing twice does no harm, for only one worker can claim it.

    The message carries the step's own correlation id, whoever announces it: an upload, another worker, the sweep.
    """
    [announcement] = announce_steps(tx, [step])
    return announcement
