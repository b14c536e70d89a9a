"""Settles the money of a call whose result nobody keeps: its step was taken over, ended or deleted meanwhile."""

from contextlib import suppress

from shared.ai.capabilities import Usage
from shared.ai.is_recorded import is_recorded
from shared.ai.record_usage import record_usage
from shared.ai.release_spend import release_spend
from shared.db.connection import Database, Transaction
from shared.errors import NotFound
from shared.jobs.model import Step, StepState
from shared.jobs.reading import find_step
from shared.sessions.lock_session import lock_session


def write_off(db: Database, step: Step, usage: Usage | None) -> None:
    """Count what the call cost, for it was paid for, and let go of what was set aside. A user who is gone owes nothing.

    Otherwise sessions that are deleted while they are read would use up their user's day (docs/adr/0037). What is
    recorded already was left after all, by a COMMIT whose answer was lost.
    """
    with suppress(NotFound), db.transaction(step.user_id) as tx:
        if not _is_anothers(tx, step):
            release_spend(tx, step.user_id, step.id)
        if usage is not None and not is_recorded(tx, step.user_id, usage):
            record_usage(tx, step.user_id, usage, session_id=step.session_id, step_id=step.id)


def _is_anothers(tx: Transaction, step: Step) -> bool:
    """Whether another worker is at it, for whom the same money is set aside."""
    with suppress(NotFound):  # a session that is gone has no step to take up either
        lock_session(tx, step.user_id, step.session_id)
    current = find_step(tx, step.user_id, step.id)
    if current is None:
        return False
    return current.state is StepState.RUNNING and current.lease_token != step.lease_token
