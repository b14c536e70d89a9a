"""The stack most tutorials end at: SQLAlchemy 2 async over asyncpg, one table, an HNSW index, a WHERE for the user.

In its favour: an index on the user besides, so that the planner may choose; no row-level security; the connection stays
in its pool, and asyncpg prepares every statement.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

from pgvector.sqlalchemy import Vector as VectorColumn
from sqlalchemy import Text, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bench.vector_stores.addresses import for_sqlalchemy
from bench.vector_stores.copying import copy_rows, execute, rows_of
from bench.vector_stores.population import Population, Tenant
from shared.ai.capabilities import Vector
from shared.ids import UserId


class _Base(DeclarativeBase):
    """Of this table alone."""


class Note(_Base):
    """Text and vector side by side."""

    __tablename__ = "common_notes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID]
    text: Mapped[str] = mapped_column(Text)
    embedding: Mapped[list[float]] = mapped_column(VectorColumn(1536), deferred=True)


class CommonStack:
    """Fulfils Side."""

    name = "SQLAlchemy + asyncpg + HNSW"
    is_exact = False

    def __init__(self, url: str, loop: asyncio.AbstractEventLoop) -> None:
        self._url = url
        self._loop = loop
        self._engine = create_async_engine(for_sqlalchemy(url, "asyncpg"))
        self._sessions = async_sessionmaker(self._engine)

    def load(self, population: Population) -> None:
        """Both indexes after the rows, as pgvector's documents advise."""
        self._loop.run_until_complete(self._create())
        columns = {"id": "uuid", "user_id": "uuid", "text": "text", "embedding": "vector"}
        rows = ((key, user, text, vector) for key, user, text, vector in rows_of(population))
        copy_rows(self._url, "common_notes", columns, rows)
        execute(
            self._url,
            "CREATE INDEX ON common_notes (user_id)",
            "CREATE INDEX ON common_notes USING hnsw (embedding vector_cosine_ops)",
        )

    async def _create(self) -> None:
        async with self._engine.begin() as connection:
            await connection.run_sync(_Base.metadata.create_all)

    def search(self, tenant: Tenant, question: Vector, limit: int) -> list[int]:
        """A select of the columns an answer shows."""
        return self._loop.run_until_complete(self._search(tenant.user_id, list(question), limit))

    async def _search(self, user_id: UserId, question: list[float], limit: int) -> list[int]:
        distance = Note.embedding.cosine_distance(question)
        nearest = select(Note.id, Note.text, distance).where(Note.user_id == user_id).order_by(distance).limit(limit)
        async with self._sessions() as session:
            return [int(row.text) for row in (await session.execute(nearest)).all()]

    def insert(self, user_id: UserId, vectors: Sequence[Vector]) -> None:
        """A batch in one session."""
        self._loop.run_until_complete(self._insert(user_id, vectors))

    async def _insert(self, user_id: UserId, vectors: Sequence[Vector]) -> None:
        session: AsyncSession
        async with self._sessions.begin() as session:
            session.add_all(
                Note(user_id=user_id, text=str(number), embedding=list(vector)) for number, vector in enumerate(vectors)
            )

    def close(self) -> None:
        """Its pool."""
        self._loop.run_until_complete(self._engine.dispose())
