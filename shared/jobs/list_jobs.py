"""Jobs of all users with their steps, for administrators."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from shared.db.connection import Transaction
from shared.jobs import facts_repository
from shared.jobs.facts import JobFacts, JobFilter

MOST_STEPS = 50
"""Of each job."""


def list_jobs(
    tx: Transaction, wanted: JobFilter, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[JobFacts]:
    """A page, newest first. Needs the system role."""
    found = facts_repository.jobs(tx, wanted, before=before, limit=limit)
    steps = facts_repository.steps_of_jobs(tx, found, limit_each=MOST_STEPS)
    return [replace(job, steps=tuple(step for step in steps if step.job_id == job.id)) for job in found]
