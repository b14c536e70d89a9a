"""The peer's finalize: one transaction with the session's row locked, a conditional debit, an outbox."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from bench.peer.tables import Block, Job, LedgerEntry, Media, OutboxMessage, Session, Step, User

if TYPE_CHECKING:
    from bench.peer.sqs import SqsClient

_PRICE = 1
_READERS = {"audio": "transcribe", "image": "describe_image"}


async def finalize(db: AsyncSession, session: Session, *, ai: bool, correlation_id: str) -> list[OutboxMessage]:
    """Finalize an open session that the caller has locked, and commit."""
    where = {"user_id": session.user_id, "session_id": session.id}
    blocks = (await db.scalars(select(Block).filter_by(**where).order_by(Block.captured_at, Block.id))).all()
    media = (await db.scalars(select(Media).filter_by(**where).order_by(Media.created_at, Media.id))).all()
    messages: list[OutboxMessage] = []
    if not ai or not (media or any((block.text_content or "").strip() for block in blocks)):
        _end_as(session, "raw_only")
    else:
        messages = await _pay(db, session, media, correlation_id)
    await db.commit()
    return messages


async def publish(db: AsyncSession, sqs: "SqsClient | None", messages: Sequence[OutboxMessage]) -> None:
    """Send after the commit, all queues at once, and mark as sent."""
    if not messages:
        return
    batches = groupby(sorted(messages, key=lambda message: message.queue), key=lambda message: message.queue)
    if sqs is not None:
        await asyncio.gather(
            *(sqs.send_batch(queue, [_wire(message) for message in batch]) for queue, batch in batches)
        )
    ids = [message.id for message in messages]
    owned = OutboxMessage.user_id == messages[0].user_id
    statement = update(OutboxMessage).where(owned, OutboxMessage.id.in_(ids)).values(published_at=func.now())
    await db.execute(statement, execution_options={"synchronize_session": False})
    await db.commit()


async def _pay(db: AsyncSession, session: Session, media: Sequence[Media], correlation_id: str) -> list[OutboxMessage]:
    job_id = uuid7()
    balance = await _debit(db, session.user_id)
    if balance is None:
        _end_as(session, "no_credits")
        return []
    _end_as(session, "pending_processing")
    steps = _steps(session, media, job_id)
    messages = [
        OutboxMessage(
            user_id=session.user_id,
            id=uuid7(),
            queue=step.kind.replace("_", "-"),
            body={"step_id": str(step.id)},
            correlation_id=correlation_id,
        )
        for step in steps
        if step.state == "ready"
    ]
    job = Job(user_id=session.user_id, id=job_id, session_id=session.id, credits_used=_PRICE, steps=steps)
    db.add_all([_entry(session.user_id, balance, job_id), job, *messages])
    return messages


async def _debit(db: AsyncSession, user_id: UUID) -> int | None:
    statement = (
        update(User)
        .where(User.id == user_id, User.credits >= _PRICE)
        .values(credits=User.credits - _PRICE, updated_at=func.now())
        .returning(User.credits)
    )
    return await db.scalar(statement, execution_options={"synchronize_session": False})


def _entry(user_id: UUID, balance: int, job_id: UUID) -> LedgerEntry:
    return LedgerEntry(
        user_id=user_id, id=uuid7(), delta=-_PRICE, balance_after=balance, reason="session", ref=str(job_id)
    )


def _end_as(session: Session, status: str) -> None:
    now = datetime.now(UTC)
    session.status = session.finalized_as = status
    session.finalized_at = session.updated_at = now


def _steps(session: Session, media: Sequence[Media], job_id: UUID) -> list[Step]:
    reading = [
        _step(session, job_id, _READERS[file.type], media_id=file.id, waits_for=_awaited(file))
        for file in media
        if file.status != "rejected"
    ]
    return reading + [_step(session, job_id, kind, media_id=None, waits_for="text") for kind in ("embed", "summarise")]


def _awaited(file: Media) -> str | None:
    return "upload" if file.status == "pending" else None


def _step(session: Session, job_id: UUID, kind: str, *, media_id: UUID | None, waits_for: str | None) -> Step:
    return Step(
        user_id=session.user_id,
        id=uuid7(),
        job_id=job_id,
        session_id=session.id,
        kind=kind,
        media_id=media_id,
        state="ready" if waits_for is None else "waiting",
        reason=waits_for,
        announced_at=datetime.now(UTC) if waits_for is None else None,
    )


def _wire(message: OutboxMessage) -> dict[str, Any]:
    return {
        "version": 1,
        "id": str(message.id),
        "user_id": str(message.user_id),
        "correlation_id": message.correlation_id,
        "body": message.body,
    }
