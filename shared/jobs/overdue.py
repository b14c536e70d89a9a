"""Steps of any user that time has passed over; asked by the sweep, as the system role."""

from datetime import timedelta

from shared.db.connection import Transaction
from shared.jobs import step_repository
from shared.jobs.model import Step

BATCH = 100


def steps_unheard(tx: Transaction, silent_for: timedelta) -> list[Step]:
    """Ready, or running out of lease, and not announced for so long that the message must have been lost."""
    return step_repository.unheard(tx, silent_for=silent_for, limit=BATCH)


def steps_waiting_too_long(tx: Transaction, age: timedelta) -> list[Step]:
    """Still waiting for an upload after the deadline."""
    return step_repository.waiting_longer_than(tx, age=age, limit=BATCH)
