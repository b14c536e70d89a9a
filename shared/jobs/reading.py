"""Questions about jobs and steps that other rooms ask."""

from collections.abc import Sequence

from shared.db.connection import Transaction
from shared.db.selection import Selection
from shared.ids import JobId, MediaId, SessionId, StepId, UserId
from shared.jobs import repository, step_repository
from shared.jobs.model import Job, Step, StepKind


def find_job(tx: Transaction, user_id: UserId, job_id: JobId) -> Job | None:
    """One job."""
    return repository.find_job(tx, user_id, job_id)


def latest_job(tx: Transaction, user_id: UserId, session_id: SessionId) -> Job | None:
    """The newest job of a session."""
    return repository.latest_job(tx, user_id, session_id)


def jobs_of_session(tx: Transaction, user_id: UserId, session_id: SessionId) -> list[Job]:
    """All jobs of a session, oldest first."""
    return repository.jobs_of_session(tx, user_id, session_id)


def find_step(tx: Transaction, user_id: UserId, step_id: StepId) -> Step | None:
    """One step."""
    return step_repository.find_step(tx, user_id, step_id)


def steps_of_session(tx: Transaction, user_id: UserId, session_id: SessionId) -> list[Step]:
    """All steps of a session, oldest first."""
    return all_steps_of_session(user_id, session_id).all_of(tx)


def all_steps_of_session(user_id: UserId, session_id: SessionId) -> Selection[Step]:
    """The same, to be asked together with what other rooms know of the session."""
    return step_repository.steps_of_session(user_id, session_id)


def steps_of_job(tx: Transaction, job: Job) -> list[Step]:
    """The steps of one job, oldest first."""
    return step_repository.steps_of_job(tx, job.user_id, job.session_id, job.id)


def steps_waiting_for_media(tx: Transaction, user_id: UserId, media_id: MediaId) -> list[Step]:
    """Steps that wait for this file."""
    return step_repository.waiting_steps_of_media(tx, user_id, media_id)


def media_read(tx: Transaction, user_id: UserId, session_ids: Sequence[SessionId]) -> set[MediaId]:
    """The files of these sessions whose content has been turned into text, as a whole, in any job."""
    whole = (StepKind.TRANSCRIBE, StepKind.DESCRIBE_IMAGE)
    return step_repository.media_read(tx, user_id, session_ids, whole) if session_ids else set()
