"""Moves a claimed step on: completed, skipped, failed, waiting again, or ready for another try."""

from datetime import UTC, datetime, timedelta

from shared.db.connection import Transaction
from shared.errors import Conflict
from shared.jobs import step_repository
from shared.jobs.model import Leaving, Step, StepState
from shared.metrics import count, milliseconds


class LeaseLost(Conflict):
    """Another worker holds the step now: nothing of what this one did may be written."""

    code = "lease_lost"


def leave_step(tx: Transaction, step: Step, leaving: Leaving) -> None:
    """Write the outcome with the fencing token. Raises LeaseLost, which rolls everything else back."""
    if not step_repository.leave(tx, step, leaving):
        raise LeaseLost("The step was taken over by another worker.")
    _measure(step, leaving.state)


def _measure(step: Step, state: StepState) -> None:
    """An edit sets the same step going again: its creation then says nothing of how long anybody waited."""
    if state is StepState.COMPLETED and step.block_id is None:
        age = datetime.now(UTC) - step.created_at
        milliseconds("step_age_ms", max(0, round(age / timedelta(milliseconds=1))), kind=step.kind)
    if state is StepState.FAILED:
        count("steps_failed", kind=step.kind)
