"""An administrator has a step done once more, at our expense."""

from shared.audit.model import Action, Deed
from shared.audit.record_deed import record_deed
from shared.db.connection import Database, Transaction
from shared.errors import Conflict, NotFound
from shared.idempotency.keep import Keep, keep_nothing
from shared.identity.as_administrator import as_administrator
from shared.ids import JobId, StepId, UserId, new_id
from shared.jobs.create_steps import create_steps
from shared.jobs.model import READING, NewStep, Step, StepKind
from shared.jobs.reading import find_step
from shared.jobs.start_job import start_job
from shared.media.media_of_session import media_of_session
from shared.media.reconsider_media import reconsider_media
from shared.outbox.model import Announcement
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.sessions import block_repository, repository
from shared.sessions.edit_block import refuse_while_underway
from shared.sessions.launch_job import launch_job
from shared.sessions.lock_session import lock_session
from shared.sessions.model import Session, SessionStatus, unread_media
from shared.sessions.read_again import read_again
from shared.values import frozen


@frozen
class Rerun:
    """Which step of whose, and why."""

    user_id: UserId
    step_id: StepId
    reason: str


def rerun_step(
    db: Database, queue: Queue, actor_id: UserId, wanted: Rerun, *, keep: Keep[JobId] = keep_nothing
) -> JobId:
    """The id of a new job that costs nothing. `db` connects as the system role.

    A processed session stays processed: the step is done again, and after a step that reads a file, so are embedding
    and summary. A session that failed is processed as a whole, but for what has been read already. A file that was
    rejected by its reading gets another chance.
    Raises Forbidden, NotFound, and Conflict while the session is being processed.
    """
    with as_administrator(db, actor_id, wanted.user_id) as tx:
        step = find_step(tx, wanted.user_id, wanted.step_id)
        if step is None:
            raise NotFound
        session = lock_session(tx, wanted.user_id, step.session_id)
        refuse_while_underway(session)
        job_id = JobId(new_id())
        announced = _launch(tx, session, step, job_id)
        record_deed(tx, _deed(actor_id, wanted, step, job_id))
        keep(tx, job_id)
    publish_announced(db, queue, announced)
    return job_id


def _launch(tx: Transaction, session: Session, step: Step, job_id: JobId) -> list[Announcement]:
    if step.media_id is not None:
        reconsider_media(tx, session.user_id, step.media_id)
    if session.status is SessionStatus.PROCESSED:
        return _again(tx, session, step, job_id)
    blocks = block_repository.of_session(tx, session.user_id, session.id)
    unread = unread_media(media_of_session(tx, session.user_id, session.id), blocks)
    if not unread and not any(block.has_text for block in blocks):
        raise Conflict("The session holds neither text nor a usable file.", code="session_empty")
    repository.start_over(tx, session.user_id, session.id)
    return launch_job(tx, session, job_id, unread, credits_used=0)


def _again(tx: Transaction, session: Session, step: Step, job_id: JobId) -> list[Announcement]:
    """The same step; a part of a recording is done again by reading the whole recording."""
    if step.kind in READING:
        kind = StepKind.DESCRIBE_IMAGE if step.kind is StepKind.DESCRIBE_IMAGE else StepKind.TRANSCRIBE
        return read_again(tx, session, job_id, kind=kind, media_id=step.media_id)
    start_job(tx, session.user_id, session.id, job_id, credits_used=0)
    making = NewStep(kind=step.kind, block_id=step.block_id)
    return create_steps(tx, session.user_id, job_id, session.id, [making])


def _deed(actor_id: UserId, wanted: Rerun, step: Step, job_id: JobId) -> Deed:
    return Deed(
        actor_id=actor_id,
        action=Action.RERUN_STEP,
        subject=f"step {step.id}",
        subject_user_id=wanted.user_id,
        reason=wanted.reason,
        details={"kind": step.kind, "session_id": str(step.session_id), "job_id": str(job_id)},
    )
