"""Sessions, blocks and media files as the functions show them that have to do with them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shared.edge.shape import shape
from shared.media.model import MediaFile
from shared.sessions.model import Block, BlockType, Session, SessionStatus, SessionType
from shared.values import frozen


@frozen
class SessionOut:
    """A session in a list or a feed, and what creating and editing answer. `version` grows with each change."""

    id: UUID
    session_type: SessionType
    status: SessionStatus
    language: str
    time_zone: str
    title: str | None
    summary: str | None
    failure_reason: str | None
    created_at: datetime
    updated_at: datetime
    finalized_at: datetime | None
    processed_at: datetime | None
    version: int

    @classmethod
    def of(cls, session: Session) -> "SessionOut":
        """The wire shape of a session."""
        return shape(cls, session, summary=session.ai_summary)


@frozen
class SegmentOut:
    """A stretch of a transcript."""

    start_ms: int
    end_ms: int
    text: str


@frozen
class BlockOut:
    """A block. `text_origin` is `user`, or the provider that made the text (`local`: a rough local draft)."""

    id: UUID
    session_id: UUID
    block_type: BlockType
    text_content: str | None
    text_origin: str | None
    segments: list[SegmentOut]
    media_id: UUID | None
    metadata: dict[str, Any]
    captured_at: datetime
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, block: Block) -> "BlockOut":
        """The wire shape of a block."""
        said = () if block.text_origin == "user" else block.segments  # an edited text is no longer what was heard
        return shape(cls, block, segments=[shape(SegmentOut, segment) for segment in said])


@frozen
class MediaOut:
    """A media file. `reason` says why it was rejected."""

    id: UUID
    session_id: UUID
    type: str
    content_type: str
    size_bytes: int
    status: str
    reason: str | None
    duration_ms: int | None
    speech_ms: int | None
    created_at: datetime
    uploaded_at: datetime | None

    @classmethod
    def of(cls, media: MediaFile) -> "MediaOut":
        """The wire shape of a media file."""
        return shape(cls, media)
