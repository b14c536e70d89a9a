"""Writes the messages that wake the workers of several steps of one request."""

from collections.abc import Sequence

from shared.db.connection import Transaction
from shared.jobs import step_repository
from shared.jobs.model import Step
from shared.outbox.announce_all import announce_all
from shared.outbox.model import Announcement


def announce_steps(tx: Transaction, steps: Sequence[Step]) -> list[Announcement]:
    """Announce ready steps of one user that have the same correlation id, one at least: in two statements."""
    user_id = steps[0].user_id
    step_repository.mark_announced(tx, user_id, [step.id for step in steps])
    messages = [(step.kind.queue, {"step_id": str(step.id)}) for step in steps]
    return announce_all(tx, user_id, messages, correlation_id=steps[0].correlation_id)
