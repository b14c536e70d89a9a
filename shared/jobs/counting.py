"""How jobs and steps of all users stand; asked by an operator and by the sweep, as the system role."""

from collections.abc import Sequence
from datetime import timedelta

from shared.db.backlog import Backlog
from shared.db.connection import Transaction
from shared.jobs import backlog_repository
from shared.jobs.model import StepCount, StuckStep

STUCK_AFTER = timedelta(minutes=10)
"""The sweep brings a step back within a minute or two, again and again: one this old is beyond it."""

UPLOAD_STUCK_AFTER = timedelta(hours=24, minutes=10)
"""A step waits 24 hours for an upload, then the sweep lets its session go on."""


def count_steps(tx: Transaction) -> Sequence[StepCount]:
    """Steps by kind and state: the unfinished ones, and those that ended within the last 24 hours."""
    return backlog_repository.steps_by_kind_and_state(tx, ended_within=timedelta(hours=24))


def count_unfinished_jobs(tx: Transaction) -> Backlog:
    """Jobs that have not ended."""
    return backlog_repository.unfinished_jobs(tx)


def steps_stuck(tx: Transaction, *, limit: int) -> Sequence[StuckStep]:
    """Steps that should have moved long ago, the oldest first."""
    return backlog_repository.stuck(tx, after=STUCK_AFTER, upload_after=UPLOAD_STUCK_AFTER, limit=limit)
