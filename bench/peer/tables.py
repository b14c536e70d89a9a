"""The tables as SQLAlchemy's ORM maps them: our own schema, not one made for the peer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import DateTime


class Base(DeclarativeBase):
    """Base of every mapped class."""

    type_annotation_map = {datetime: DateTime(timezone=True), dict[str, Any]: JSONB}  # noqa: RUF012 - SQLAlchemy's own


def _now() -> Any:  # noqa: ANN401 - a descriptor that SQLAlchemy types by the annotation beside it
    return mapped_column(server_default=func.now())


class User(Base):
    """Who a Firebase uid belongs to, and their balance."""

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    firebase_uid: Mapped[str]
    credits: Mapped[int]
    preferred_language: Mapped[str]
    disabled_at: Mapped[datetime | None]
    updated_at: Mapped[datetime] = _now()


class LedgerEntry(Base):
    """One change of a balance."""

    __tablename__ = "credit_ledger"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    delta: Mapped[int]
    balance_after: Mapped[int]
    reason: Mapped[str]
    ref: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class Media(Base):
    """A file of a session."""

    __tablename__ = "media_files"
    __table_args__ = (ForeignKeyConstraint(["user_id", "session_id"], ["sessions.user_id", "sessions.id"]),)

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID]
    type: Mapped[str]
    object_key: Mapped[str] = mapped_column(deferred=True)  # the API never asks for it
    content_type: Mapped[str]
    size_bytes: Mapped[int]
    status: Mapped[str]
    reason: Mapped[str | None]
    duration_ms: Mapped[int | None]
    created_at: Mapped[datetime] = _now()
    uploaded_at: Mapped[datetime | None]


class Block(Base):
    """One captured thing."""

    __tablename__ = "session_blocks"
    __table_args__ = (ForeignKeyConstraint(["user_id", "session_id"], ["sessions.user_id", "sessions.id"]),)

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID]
    block_type: Mapped[str]
    text_content: Mapped[str | None]
    text_origin: Mapped[str | None]
    segments: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)
    media_id: Mapped[UUID | None]
    block_metadata: Mapped[dict[str, Any]] = mapped_column("metadata")
    captured_at: Mapped[datetime] = _now()
    created_at: Mapped[datetime] = _now()
    updated_at: Mapped[datetime] = _now()


class Job(Base):
    """One paid processing of a session."""

    __tablename__ = "ai_jobs"
    __table_args__ = (ForeignKeyConstraint(["user_id", "session_id"], ["sessions.user_id", "sessions.id"]),)

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID]
    credits_used: Mapped[int]
    status: Mapped[str] = mapped_column(server_default="pending")
    steps: Mapped[list["Step"]] = relationship(foreign_keys="[Step.user_id, Step.job_id]")


class Step(Base):
    """One unit of work of a job."""

    __tablename__ = "job_steps"
    __table_args__ = (
        ForeignKeyConstraint(["user_id", "job_id"], ["ai_jobs.user_id", "ai_jobs.id"]),
        ForeignKeyConstraint(["user_id", "session_id"], ["sessions.user_id", "sessions.id"]),
    )

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    job_id: Mapped[UUID]
    session_id: Mapped[UUID]
    kind: Mapped[str]
    media_id: Mapped[UUID | None]
    block_id: Mapped[UUID | None]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None]
    provider: Mapped[str | None]
    model: Mapped[str | None]
    provider_ms: Mapped[int | None]
    announced_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = _now()
    changed_at: Mapped[datetime] = _now()


class OutboxMessage(Base):
    """A message written with the change it announces."""

    __tablename__ = "outbox"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    queue: Mapped[str]
    body: Mapped[dict[str, Any]]
    correlation_id: Mapped[str]
    published_at: Mapped[datetime | None]


class Session(Base):
    """One sitting of capturing things."""

    __tablename__ = "sessions"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_type: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="open")
    language: Mapped[str]
    title: Mapped[str | None]
    ai_summary: Mapped[str | None]
    failure_reason: Mapped[str | None]
    finalized_as: Mapped[str | None]
    created_at: Mapped[datetime] = _now()
    updated_at: Mapped[datetime] = _now()
    finalized_at: Mapped[datetime | None]
    processed_at: Mapped[datetime | None]
    blocks: Mapped[list[Block]] = relationship(order_by=(Block.captured_at, Block.id))
    media: Mapped[list[Media]] = relationship(order_by=(Media.created_at, Media.id))
    steps: Mapped[list[Step]] = relationship(
        order_by=(Step.created_at, Step.id), foreign_keys="[Step.user_id, Step.session_id]", viewonly=True
    )
