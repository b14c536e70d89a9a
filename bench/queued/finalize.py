"""The peer's finalize: debit, job and steps in one transaction; the tasks are sent after its COMMIT."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from bench.peer.tables import Job, LedgerEntry, Media, Session, Step, User

_PRICE = 1


async def finalize(db: AsyncSession, session: Session) -> dict[str, Any] | None:
    """Take the price, write the job and commit; what the workflow is called with, or None without credits."""
    media_query = select(Media).filter_by(user_id=session.user_id, session_id=session.id)
    recordings = [file for file in (await db.scalars(media_query)).all() if file.type == "audio"]
    balance = await _debit(db, session.user_id)
    session.status = session.finalized_as = "pending_processing" if balance is not None else "no_credits"
    session.finalized_at = session.updated_at = datetime.now(UTC)
    job_id = uuid7()
    if balance is not None:
        db.add_all([_entry(session.user_id, balance, job_id), _job(session, job_id, recordings)])
    await db.commit()
    if balance is None:
        return None
    return {
        "user_id": str(session.user_id),
        "session_id": str(session.id),
        "job_id": str(job_id),
        "media_ids": [str(file.id) for file in recordings],
    }


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


def _job(session: Session, job_id: UUID, recordings: list[Media]) -> Job:
    reading = [_step(session, job_id, "transcribe", media_id=file.id) for file in recordings]
    making = [_step(session, job_id, kind, media_id=None) for kind in ("embed", "summarise")]
    return Job(
        user_id=session.user_id, id=job_id, session_id=session.id, credits_used=_PRICE, steps=[*reading, *making]
    )


def _step(session: Session, job_id: UUID, kind: str, *, media_id: UUID | None) -> Step:
    return Step(
        user_id=session.user_id,
        id=uuid7(),
        job_id=job_id,
        session_id=session.id,
        kind=kind,
        media_id=media_id,
        state="waiting" if media_id is None else "ready",
    )
