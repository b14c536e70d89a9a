"""What the peer takes and answers, as pydantic models read from the ORM's objects."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, computed_field


class CreateSession(BaseModel):
    """POST /api/sessions."""

    session_type: Literal["voice", "image", "mixed"]
    id: UUID | None = None
    language: str | None = None
    title: str | None = None


class FinalizeSession(BaseModel):
    """POST /api/sessions/{session_id}/finalize."""

    ai: bool = True


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class SessionOut(_Out):
    """A session."""

    id: UUID
    session_type: str
    status: str
    language: str
    title: str | None
    summary: str | None = Field(validation_alias="ai_summary")
    failure_reason: str | None
    created_at: datetime
    updated_at: datetime
    finalized_at: datetime | None
    processed_at: datetime | None


class SegmentOut(_Out):
    """A stretch of a transcript."""

    start_ms: int
    end_ms: int
    text: str


def _or_none_at_all(segments: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    return segments or []


class BlockOut(_Out):
    """A block."""

    id: UUID
    session_id: UUID
    block_type: str
    text_content: str | None
    text_origin: str | None
    segments: Annotated[list[SegmentOut], BeforeValidator(_or_none_at_all)]
    media_id: UUID | None
    metadata: dict[str, Any] = Field(validation_alias="block_metadata")
    captured_at: datetime
    created_at: datetime
    updated_at: datetime


class MediaOut(_Out):
    """A media file."""

    id: UUID
    type: str
    content_type: str
    size_bytes: int
    status: str
    reason: str | None
    duration_ms: int | None
    created_at: datetime
    uploaded_at: datetime | None


class StepOut(_Out):
    """A step of the processing."""

    kind: str
    state: str
    reason: str | None
    attempts: int
    provider: str | None
    model: str | None
    provider_ms: int | None
    media_id: UUID | None
    block_id: UUID | None
    changed_at: datetime = Field(exclude=True)

    @computed_field
    @property
    def age_seconds(self) -> float:
        """Counted from the last move."""
        return max(0.0, round((datetime.now(UTC) - self.changed_at).total_seconds(), 3))


class WholeSessionOut(SessionOut):
    """GET /api/sessions/{session_id}."""

    blocks: list[BlockOut]
    media: list[MediaOut]
    steps: list[StepOut]


class FinalizedOut(_Out):
    """What finalizing answers."""

    message: str
    session_id: UUID
    status: str
