"""`python -m bench.queued.api`: the peer's finalize over HTTP. A gateway before it has checked who calls."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import FastAPI, Header, HTTPException
from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from bench.peer.schemas import FinalizedOut, FinalizeSession
from bench.peer.tables import Session, User
from bench.queued.finalize import finalize
from bench.queued.settings import read_settings
from bench.queued.workflow import workflow
from bench.served.serve import serve

settings = read_settings()
sessions = async_sessionmaker(create_async_engine(settings.sqlalchemy_url("asyncpg")), expire_on_commit=False)
app = FastAPI()


@app.post("/api/sessions/{session_id}/finalize")
async def finalize_session(
    session_id: UUID, _wanted: FinalizeSession, x_firebase_uid: Annotated[str, Header()]
) -> FinalizedOut:
    """The same answer however often it is asked."""
    async with sessions() as db:
        user = await db.scalar(select(User).where(User.firebase_uid == x_firebase_uid))
        session = await db.get(Session, (user.id, session_id), with_for_update=True) if user else None
        if session is None:
            raise HTTPException(404)
        if session.finalized_as is None:
            arguments = await finalize(db, session)
            if arguments is not None:
                await asyncio.to_thread(workflow(**arguments).apply_async)
    status = session.finalized_as or session.status
    return FinalizedOut(message="Session finalized.", session_id=session_id, status=status)


if __name__ == "__main__":
    serve(app, access_log=True)
