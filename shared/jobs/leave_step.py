"""Moves a claimed step on: completed, skipped, failed, or ready for another try."""

from datetime import UTC, datetime, timedelta

from shared.db.connection import Transaction
from shared.errors import Conflict
from shared.jobs import step_repository
from shared.jobs.model import Step, StepState
from shared.metrics import count, milliseconds


class LeaseLost(Conflict):
    """Another worker holds the step now: nothing of what this one did may be written."""

    code = "lease_lost"


def leave_step(
    tx: Transaction,
    step: Step,
    state: StepState,
    *,
    reason: str | None = None,
    provider: str | None = None,
    model: str | None = None,
    provider_ms: int | None = None,
) -> None:
    """Write the outcome with the fencing token. Raises LeaseLost, which rolls everything else back."""
    if not step_repository.leave(
        tx, step, state, reason=reason, provider=provider, model=model, provider_ms=provider_ms
    ):
        raise LeaseLost("The step was taken over by another worker.")
    _measure(step, state)


def _measure(step: Step, state: StepState) -> None:
    """An edit sets the same step going again: its creation then says nothing of how long anybody waited."""
    if state is StepState.COMPLETED and step.block_id is None:
        age = datetime.now(UTC) - step.created_at
        milliseconds("step_age_ms", max(0, round(age / timedelta(milliseconds=1))), kind=step.kind)
    if state is StepState.FAILED:
        count("steps_failed", kind=step.kind)
