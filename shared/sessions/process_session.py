"""Processes a finalized session that was not processed: without credits, kept raw, or failed."""

from shared.credits.model import SESSION_PRICE
from shared.db.connection import Database, Transaction
from shared.errors import Conflict, OutOfCredits
from shared.idempotency.keep import Keep, keep_nothing
from shared.ids import SessionId, UserId
from shared.media.media_of_session import media_of_session
from shared.outbox.model import Announcement
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.sessions import block_repository, repository
from shared.sessions.launch_job import launch_job
from shared.sessions.lock_session import lock_session
from shared.sessions.model import Session, SessionStatus, unread_media
from shared.sessions.take_price import take_price


def process_session(
    db: Database, queue: Queue, user_id: UserId, session_id: SessionId, *, keep: Keep[None] = keep_nothing
) -> None:
    """Debit, new job, steps and outbox in one transaction; nothing happens to a session under way.

    Raises NotFound, OutOfCredits, and Conflict when it is open, processed, or holds nothing to process.
    """
    with db.transaction(user_id) as tx:
        session = lock_session(tx, user_id, session_id)
        announced = [] if session.status.is_underway else _process(tx, session)
        keep(tx, None)
    publish_announced(db, queue, announced)


def _refuse_unless_it_may_be_processed(session: Session) -> None:
    if session.status is SessionStatus.OPEN:
        raise Conflict("The session is still open: finalize it first.", code="session_open")
    if session.status is SessionStatus.PROCESSED:
        raise Conflict("The session is processed already.", code="session_processed")


def _process(tx: Transaction, session: Session) -> list[Announcement]:
    _refuse_unless_it_may_be_processed(session)
    blocks = block_repository.of_session(tx, session.user_id, session.id)
    unread = unread_media(media_of_session(tx, session.user_id, session.id), blocks)
    if not unread and not any(block.has_text for block in blocks):
        raise Conflict("The session holds neither text nor a usable file.", code="session_empty")
    price = take_price(tx, session)
    if price is None:
        raise OutOfCredits(f"Processing a session costs {SESSION_PRICE} credit, and none is left.")
    repository.start_over(tx, session.user_id, session.id)
    return price.announced + launch_job(tx, session, price.job_id, unread)
