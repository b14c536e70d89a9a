"""Moves a claimed step on: completed, skipped, failed, or ready for another try."""

from shared.db.connection import Transaction
from shared.errors import Conflict
from shared.jobs import step_repository
from shared.jobs.model import Step, StepState


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
