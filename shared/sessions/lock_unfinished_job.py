"""The job of a session under way, with its session locked: the rule that a refund rests on."""

from shared.db.connection import Transaction
from shared.ids import JobId, UserId
from shared.jobs.model import Job
from shared.jobs.reading import find_job
from shared.sessions.lock_session import lock_session


def lock_unfinished_job(tx: Transaction, user_id: UserId, job_id: JobId) -> Job | None:
    """The job as it stands once nobody else can end it; None when it has ended, or is gone."""
    job = find_job(tx, user_id, job_id)
    if job is None:
        return None
    lock_session(tx, user_id, job.session_id)
    job = find_job(tx, user_id, job_id)
    return None if job is None or job.status.is_final else job
