"""Changes a block; a processed session then has just that block embedded anew."""

from typing import Any

from shared.db.connection import Database, Transaction
from shared.errors import Conflict, NotFound
from shared.ids import BlockId, SessionId, UserId
from shared.jobs.add_step import add_step
from shared.jobs.model import StepKind
from shared.jobs.reading import jobs_of_session
from shared.outbox.model import Announcement
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.sessions import block_repository
from shared.sessions.lock_session import lock_session
from shared.sessions.model import Block, Session, SessionStatus
from shared.sessions.refuse_stale import refuse_stale


def edit_block(
    db: Database,
    queue: Queue,
    user_id: UserId,
    session_id: SessionId,
    block_id: BlockId,
    *,
    text: str | None,
    metadata: dict[str, Any] | None,
    base_version: int | None = None,
) -> Block:
    """The block as it then is; what is None stays.

    Raises NotFound, Conflict while workers are at it, and VersionConflict when the block is not at `base_version` any
    more. A repeat of what is stored already is none: the answer to the first try may have been lost.
    """
    with db.transaction(user_id) as tx:
        session = lock_session(tx, user_id, session_id)
        refuse_while_underway(session)
        current = block_repository.find(tx, user_id, session_id, block_id)
        if current is None:
            raise NotFound
        if text not in {None, current.text_content} or metadata not in (None, current.metadata):
            refuse_stale(current, base_version)
        block = block_repository.edit(tx, user_id, session_id, block_id, text=text, metadata=metadata) or current
        announced = _embed_again(tx, session, block) if text is not None else []
    publish_announced(db, queue, announced)
    return block


def refuse_while_underway(session: Session) -> None:
    """Raises Conflict: what workers read must not change under them."""
    if session.status.is_underway:
        raise Conflict("The session is being processed: change it when that is done.", code="session_processing")


def _embed_again(tx: Transaction, session: Session, block: Block) -> list[Announcement]:
    """The step belongs to a job that has ended, so that a rerun under way does not take it down when it fails."""
    if session.status is not SessionStatus.PROCESSED:
        return []
    jobs = jobs_of_session(tx, session.user_id, session.id)
    job = next((job for job in reversed(jobs) if job.status.is_final), None)
    if job is None:
        return []
    return add_step(tx, session.user_id, job_id=job.id, session_id=session.id, kind=StepKind.EMBED, block_id=block.id)
