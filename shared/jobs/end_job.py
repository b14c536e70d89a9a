"""Ends a job."""

from shared.db.connection import Transaction
from shared.jobs import repository
from shared.jobs.model import Job, JobStatus
from shared.metrics import milliseconds


def end_job(tx: Transaction, job: Job, status: JobStatus, *, reason: str | None = None) -> None:
    """pending | processing -> completed | failed; a job that has ended stays as it is."""
    age_ms = repository.end_job(tx, job.user_id, job.id, status, reason)
    if age_ms is not None:
        milliseconds("job_age_ms", age_ms, status=status)
