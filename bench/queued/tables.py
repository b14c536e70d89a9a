"""The tables the workers write besides those the API knows."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bench.peer.tables import Base

DIMENSIONS = 1536


class Usage(Base):
    """What one call to a provider used."""

    __tablename__ = "ai_usage"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID]
    step_id: Mapped[UUID]
    provider: Mapped[str]
    model: Mapped[str]
    operation_type: Mapped[str]
    tokens_used: Mapped[int] = mapped_column(default=0)
    audio_ms: Mapped[int] = mapped_column(default=0)
    cost_cents: Mapped[Decimal] = mapped_column(default=Decimal(0))


class Chunk(Base):
    """A findable stretch of a block's text."""

    __tablename__ = "chunks"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    model_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID]
    block_id: Mapped[UUID]
    chunk_index: Mapped[int]
    text: Mapped[str]
    content_hash: Mapped[bytes]


class ChunkVector(Base):
    """Its vector."""

    __tablename__ = "chunk_vectors"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    model_id: Mapped[int] = mapped_column(primary_key=True)
    chunk_id: Mapped[UUID] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True, default=0)
    embedding: Mapped[Any] = mapped_column(HALFVEC(DIMENSIONS))
