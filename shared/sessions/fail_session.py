"""Fails a session for good: the credit comes back, once, and the user is told."""

from shared.credits.refund import refund
from shared.db.connection import Transaction
from shared.ids import JobId, UserId
from shared.jobs.end_job import end_job
from shared.jobs.end_steps import end_steps
from shared.jobs.model import JobStatus, StepState
from shared.jobs.reading import steps_of_job
from shared.notifications.announce_push import announce_push
from shared.notifications.model import PushKind
from shared.outbox.model import Announcement
from shared.sessions import repository
from shared.sessions.lock_unfinished_job import lock_unfinished_job
from shared.sessions.model import SessionStatus


def fail_session(tx: Transaction, user_id: UserId, job_id: JobId, *, reason: str) -> list[Announcement]:
    """End the job, its other steps and the session, and refund; what was announced. An ended job stays as it is."""
    job = lock_unfinished_job(tx, user_id, job_id)
    if job is None:
        return []
    end_steps(tx, steps_of_job(tx, job), StepState.SKIPPED, reason="session_failed")
    end_job(tx, job, JobStatus.FAILED, reason=reason)
    refund(tx, user_id, ref=str(job.id))
    if not repository.end_processing(tx, user_id, job.session_id, SessionStatus.FAILED, reason):
        return []  # a rerun that failed leaves a processed session as it was
    return announce_push(tx, user_id, PushKind.FAILED, ref=str(job.id), session_id=job.session_id)
