"""Finalizes a session: claim, debit, job, steps and outbox, all in one transaction."""

from shared.credits.debit import debit
from shared.credits.model import SESSION_PRICE
from shared.db.connection import Database, Transaction
from shared.ids import JobId, SessionId, UserId, new_id
from shared.jobs.add_step import add_step
from shared.jobs.model import StepKind
from shared.jobs.start_job import start_job
from shared.media.media_of_session import media_of_session
from shared.media.model import BLOCK_DELETED, MediaFile, MediaStatus, MediaType
from shared.outbox.model import Announcement
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.sessions import block_repository, repository
from shared.sessions.advance_session import advance_session
from shared.sessions.lock_session import lock_session
from shared.sessions.model import Session, SessionStatus

READER = {MediaType.AUDIO: StepKind.TRANSCRIBE, MediaType.IMAGE: StepKind.DESCRIBE_IMAGE}


def finalize_session(db: Database, queue: Queue, user_id: UserId, session_id: SessionId, *, ai: bool) -> SessionStatus:
    """What finalizing made of the session; a repeat answers the same and changes nothing. Raises NotFound."""
    with db.transaction(user_id) as tx:
        session = lock_session(tx, user_id, session_id)
        if session.status is not SessionStatus.OPEN:
            return outcome(session)
        status, announced = _finalize(tx, session, ai=ai)
    publish_announced(db, queue, announced)
    return status


def outcome(session: Session) -> SessionStatus:
    """How the session's finalize was answered, whatever has become of it since."""
    if session.status in {SessionStatus.NO_CREDITS, SessionStatus.RAW_ONLY}:
        return session.status
    return SessionStatus.PENDING_PROCESSING


def _finalize(tx: Transaction, session: Session, *, ai: bool) -> tuple[SessionStatus, list[Announcement]]:
    blocks = block_repository.of_session(tx, session.user_id, session.id)
    media = [file for file in media_of_session(tx, session.user_id, session.id) if file.reason != BLOCK_DELETED]
    if not ai or not (media or any((block.text_content or "").strip() for block in blocks)):
        return _end_as(tx, session, SessionStatus.RAW_ONLY), []
    job_id = start_paid_job(tx, session)
    if job_id is None:
        return _end_as(tx, session, SessionStatus.NO_CREDITS), []
    status = _end_as(tx, session, SessionStatus.PENDING_PROCESSING)
    announced = add_steps(tx, session, job_id, media)
    return status, announced + advance_session(tx, session.user_id, job_id)


def _end_as(tx: Transaction, session: Session, status: SessionStatus) -> SessionStatus:
    repository.finalize(tx, session.user_id, session.id, status)
    return status


def start_paid_job(tx: Transaction, session: Session) -> JobId | None:
    """A job whose price is taken; None, and nothing, when the balance is too small."""
    job_id = JobId(new_id())
    if not debit(tx, session.user_id, SESSION_PRICE, ref=str(job_id)):
        return None
    start_job(tx, session.user_id, session.id, job_id, credits_used=SESSION_PRICE)
    return job_id


def add_steps(tx: Transaction, session: Session, job_id: JobId, media: list[MediaFile]) -> list[Announcement]:
    """A reading step for each usable file, then embed and summarise, which wait for them."""
    announced: list[Announcement] = []
    for file in media:
        if file.status is MediaStatus.REJECTED:
            continue
        waits_for = "upload" if file.status is MediaStatus.PENDING else None
        announced += add_step(
            tx,
            session.user_id,
            job_id=job_id,
            session_id=session.id,
            kind=READER[file.type],
            media_id=file.id,
            waits_for=waits_for,
        )
    for kind in (StepKind.EMBED, StepKind.SUMMARISE):
        add_step(tx, session.user_id, job_id=job_id, session_id=session.id, kind=kind, waits_for="text")
    return announced
