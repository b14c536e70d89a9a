"""The peer's routes. Who calls comes from the gateway that checked the token, as it does for ours."""

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID, uuid4

from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import selectinload
from uuid_utils.compat import uuid7

from bench.peer.finalize import finalize, publish
from bench.peer.schemas import CreateSession, FinalizedOut, FinalizeSession, SessionOut, WholeSessionOut
from bench.peer.tables import Session, User

if TYPE_CHECKING:
    from bench.peer.sqs import SqsClient  # boto3, which reading needs not

_MESSAGES = {
    "pending_processing": "Session finalized. AI processing started.",
    "no_credits": "Session finalized without AI processing (no credits available).",
    "raw_only": "Session finalized without AI processing.",
}


async def _database(request: Request) -> AsyncGenerator[AsyncSession]:
    async with request.app.state.sessions() as db:
        yield db


Db = Annotated[AsyncSession, Depends(_database)]


async def _current_user(db: Db, x_firebase_uid: Annotated[str, Header()]) -> User:
    user = await db.scalar(select(User).where(User.firebase_uid == x_firebase_uid))
    if user is None:
        raise HTTPException(401)
    if user.disabled_at is not None:
        raise HTTPException(403)
    return user


CurrentUser = Annotated[User, Depends(_current_user)]


async def create_session(wanted: CreateSession, db: Db, user: CurrentUser, response: Response) -> SessionOut:
    """201, or 200 when the session was there."""
    session_id = wanted.id or uuid7()
    statement = (
        insert(Session)
        .values(
            user_id=user.id,
            id=session_id,
            session_type=wanted.session_type,
            language=wanted.language or user.preferred_language,
            title=wanted.title,
        )
        .on_conflict_do_nothing(index_elements=["user_id", "id"])
        .returning(Session)
    )
    session = await db.scalar(statement)
    response.status_code = 201 if session else 200
    session = session or await db.get_one(Session, (user.id, session_id))
    await db.commit()
    return SessionOut.model_validate(session)


async def read_session(session_id: UUID, db: Db, user: CurrentUser) -> WholeSessionOut:
    """The session with blocks, media and steps."""
    statement = (
        select(Session)
        .where(Session.user_id == user.id, Session.id == session_id)
        .options(selectinload(Session.blocks), selectinload(Session.media), selectinload(Session.steps))
    )
    session = await db.scalar(statement)
    if session is None:
        raise HTTPException(404)
    return WholeSessionOut.model_validate(session)


async def finalize_session(
    session_id: UUID, wanted: FinalizeSession, request: Request, db: Db, user: CurrentUser
) -> FinalizedOut:
    """The same answer however often it is asked."""
    session = await db.get(Session, (user.id, session_id), with_for_update=True)
    if session is None:
        raise HTTPException(404)
    if session.finalized_as is None:
        correlation_id = request.headers.get("x-request-id") or str(uuid7())
        messages = await finalize(db, session, ai=wanted.ai, correlation_id=correlation_id)
        await publish(db, request.app.state.sqs, messages)
    status = session.finalized_as or session.status
    return FinalizedOut(message=_MESSAGES[status], session_id=session_id, status=status)


_UNPREPARED = {
    "statement_cache_size": 0,
    "prepared_statement_cache_size": 0,
    "prepared_statement_name_func": lambda: f"__asyncpg_{uuid4()}__",
}
"""https://docs.sqlalchemy.org/en/20/dialects/postgresql.html, "Prepared Statement Name with PGBouncer"."""


def create_app(database_url: str, sqs: "SqsClient | None", *, mode: str) -> FastAPI:
    """The app on an engine of its own. asyncpg keeps its prepared statements, unless it is to go through a pooler."""
    arguments: dict[str, Any] = {"server_settings": {"jit": "off"}, **(_UNPREPARED if mode == "pooled" else {})}
    engine = create_async_engine(database_url, connect_args=arguments)
    app = FastAPI()
    app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
    app.state.sqs = sqs
    app.post("/api/sessions")(create_session)
    app.get("/api/sessions/{session_id}")(read_session)
    app.post("/api/sessions/{session_id}/finalize")(finalize_session)
    return app
