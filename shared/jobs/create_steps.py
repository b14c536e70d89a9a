"""Gives a new job its steps, all at once."""

from collections.abc import Sequence

from shared import telemetry
from shared.db.connection import Transaction
from shared.ids import JobId, SessionId, StepId, UserId, new_id
from shared.jobs import step_repository
from shared.jobs.model import NewStep
from shared.outbox.announce_all import announce_all
from shared.outbox.model import Announcement


def create_steps(
    tx: Transaction, user_id: UserId, job_id: JobId, session_id: SessionId, steps: Sequence[NewStep]
) -> list[Announcement]:
    """Ready steps are announced; those that wait for something are not."""
    ids = [StepId(new_id()) for _ in steps]
    step_repository.insert_steps(tx, user_id, job_id, session_id, ids, steps, telemetry.correlation_id() or None)
    made = zip(ids, steps, strict=True)
    ready = [(step.kind.queue, {"step_id": str(step_id)}) for step_id, step in made if step.waits_for is None]
    return announce_all(tx, user_id, ready)
