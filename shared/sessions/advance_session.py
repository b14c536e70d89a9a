"""Decides what a session under way does next, after any of its steps has moved."""

from shared import telemetry
from shared.db.connection import Transaction
from shared.ids import JobId, UserId
from shared.jobs.end_job import end_job
from shared.jobs.model import Job, JobStatus, Step, StepState
from shared.jobs.reading import steps_of_job
from shared.jobs.ready_step import ready_step
from shared.notifications.announce_push import announce_push
from shared.notifications.model import PushKind
from shared.outbox.model import Announcement
from shared.sessions import block_repository, repository
from shared.sessions.fail_session import fail_session
from shared.sessions.lock_session import lock_session
from shared.sessions.lock_unfinished_job import lock_unfinished_job
from shared.sessions.model import Move, SessionStatus, failure_reason, joinable, next_move
from shared.sessions.read_late_files import read_late_files


def advance_session(tx: Transaction, user_id: UserId, job_id: JobId) -> list[Announcement]:
    """Start what can start, finish or fail the session; returns what was announced.

    Completion is having no unfinished step. The session's lock makes two steps that end at once see one another.
    """
    job = lock_unfinished_job(tx, user_id, job_id)
    if job is None:
        return []
    steps = steps_of_job(tx, job)
    move = next_move(steps, has_text=block_repository.has_text(tx, user_id, job.session_id))
    with telemetry.correlated(_started_by(steps)):
        return _make(tx, job, steps, move)


def _started_by(steps: list[Step]) -> str | None:
    """What follows belongs to the request that began it all, not to the upload or the sweep that moved it on."""
    return steps[0].correlation_id if steps else None


def _make(tx: Transaction, job: Job, steps: list[Step], move: Move) -> list[Announcement]:
    if move is Move.WAIT:
        return [announcement for step in joinable(steps) for announcement in ready_step(tx, step)]
    if move is Move.START_MAKING:
        waiting = [step for step in steps if step.state is StepState.WAITING]
        return [announcement for step in waiting for announcement in ready_step(tx, step)]
    if move is Move.FINISH:
        end_job(tx, job, JobStatus.COMPLETED)
        if not repository.end_processing(tx, job.user_id, job.session_id, SessionStatus.PROCESSED, None):
            return []  # a rerun of a session that was processed before: its user knows
        told = announce_push(tx, job.user_id, PushKind.PROCESSED, ref=str(job.id), session_id=job.session_id)
        return told + read_late_files(tx, lock_session(tx, job.user_id, job.session_id))
    if move is Move.FAIL:
        return fail_session(tx, job.user_id, job.id, reason=failure_reason(steps))
    return []
