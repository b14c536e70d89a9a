"""Steps of any user that time has passed over; asked by the sweep, as the system role."""

from datetime import timedelta

from shared.db.connection import Transaction
from shared.jobs import backlog_repository, step_repository
from shared.jobs.model import Step

FIRST_SILENCE = timedelta(seconds=30)
LONGEST_SILENCE = timedelta(minutes=10)
"""A ready step that was announced and not taken is announced again after the first, and twice as long each time."""

LATELY = timedelta(minutes=15)

BATCH = 100
"""At once; the sweep takes one batch after another."""


def steps_unheard(tx: Transaction) -> list[Step]:
    """Due, and nobody's: their message was lost, or their worker died, or they were put off until now."""
    return step_repository.unheard(tx, first_silence=FIRST_SILENCE, longest_silence=LONGEST_SILENCE, limit=BATCH)


def steps_waiting_too_long(tx: Transaction, age: timedelta) -> list[Step]:
    """Still waiting for an upload after the deadline."""
    return step_repository.waiting_longer_than(tx, age=age, limit=BATCH)


def any_step_underway(tx: Transaction) -> bool:
    """Whether a worker is at a step, or should be, or was LATELY: where there was one session there may be the next."""
    return backlog_repository.any_underway(tx, lately=LATELY)
