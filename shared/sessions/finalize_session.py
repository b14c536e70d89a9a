"""Finalizes a session: claim, debit, job, steps and outbox, all in one transaction."""

from shared.db.connection import Database, Transaction
from shared.idempotency.keep import Keep, keep_nothing
from shared.ids import SessionId, UserId
from shared.media.media_of_session import media_of_session
from shared.media.model import BLOCK_DELETED
from shared.outbox.model import Announcement
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.sessions import block_repository, repository
from shared.sessions.launch_job import launch_job
from shared.sessions.lock_session import lock_session
from shared.sessions.model import Session, SessionStatus
from shared.sessions.take_price import take_price


def finalize_session(
    db: Database,
    queue: Queue,
    user_id: UserId,
    session_id: SessionId,
    *,
    ai: bool,
    keep: Keep[SessionStatus] = keep_nothing,
) -> SessionStatus:
    """What finalizing made of the session; a repeat answers the same and changes nothing. Raises NotFound."""
    with db.transaction(user_id) as tx:
        session = lock_session(tx, user_id, session_id)
        is_open = session.status is SessionStatus.OPEN
        status, announced = _finalize(tx, session, ai=ai) if is_open else (outcome(session), [])
        keep(tx, status)
    publish_announced(db, queue, announced)
    return status


def outcome(session: Session) -> SessionStatus:
    """How the session's finalize was answered, whatever has become of it since."""
    if session.finalized_as is not None:
        return session.finalized_as
    # Finalized by a function of the release before the column, while the new one was being deployed.
    is_unprocessed = session.status in {SessionStatus.NO_CREDITS, SessionStatus.RAW_ONLY}
    return session.status if is_unprocessed else SessionStatus.PENDING_PROCESSING


def _finalize(tx: Transaction, session: Session, *, ai: bool) -> tuple[SessionStatus, list[Announcement]]:
    media = [file for file in media_of_session(tx, session.user_id, session.id) if file.reason != BLOCK_DELETED]
    if not ai or not (media or block_repository.has_text(tx, session.user_id, session.id)):
        return _end_as(tx, session, SessionStatus.RAW_ONLY), []
    price = take_price(tx, session)
    if price is None:
        return _end_as(tx, session, SessionStatus.NO_CREDITS), []
    status = _end_as(tx, session, SessionStatus.PENDING_PROCESSING)
    return status, price.announced + launch_job(tx, session, price.job_id, media)


def _end_as(tx: Transaction, session: Session, status: SessionStatus) -> SessionStatus:
    repository.finalize(tx, session.user_id, session.id, status)
    return status
