"""Ends steps that nobody needs any more."""

from collections.abc import Sequence

from shared.db.connection import Transaction
from shared.jobs import step_repository
from shared.jobs.model import Step, StepState
from shared.metrics import count


def end_steps(tx: Transaction, steps: Sequence[Step], state: StepState, *, reason: str) -> None:
    """Skip or fail those of `steps` that are unfinished, whoever holds them; a late write of theirs is refused."""
    if steps:
        step_repository.end_unfinished(tx, steps[0].user_id, [step.id for step in steps], state, reason)
    for step in steps:
        if state is StepState.FAILED and not step.state.is_final:
            count("steps_failed", kind=step.kind)
