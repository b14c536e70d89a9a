"""Ends a job."""

from shared.db.connection import Transaction
from shared.jobs import repository
from shared.jobs.model import Job, JobStatus


def end_job(tx: Transaction, job: Job, status: JobStatus, *, reason: str | None = None) -> None:
    """pending | processing -> completed | failed; a job that has ended stays as it is."""
    repository.set_job_status(tx, job.user_id, job.id, status, reason)
