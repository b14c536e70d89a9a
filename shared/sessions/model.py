"""Sessions and blocks as values, and the decisions made from values alone."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.ai.capabilities import Segment
from shared.ids import BlockId, MediaId, SessionId, UserId
from shared.jobs.model import FOR_PARTS, READING, SHARING, Step, StepKind, StepState
from shared.media.model import MediaFile, MediaStatus, MediaType
from shared.values import frozen


class SessionType(StrEnum):
    """What a session was opened for."""

    VOICE = "voice"
    IMAGE = "image"
    MIXED = "mixed"


class SessionStatus(StrEnum):
    """Where a session stands; the moves between are in docs/architecture.md."""

    OPEN = "open"
    PENDING_PROCESSING = "pending_processing"
    PROCESSING = "processing"
    PROCESSED = "processed"
    FAILED = "failed"
    NO_CREDITS = "no_credits"
    RAW_ONLY = "raw_only"

    @property
    def is_underway(self) -> bool:
        """Workers may be writing to it."""
        return self in {SessionStatus.PENDING_PROCESSING, SessionStatus.PROCESSING}


class BlockType(StrEnum):
    """What a block holds."""

    VOICE = "voice"
    IMAGE = "image"
    MARKER = "marker"


BLOCK_OF_MEDIA = {MediaType.AUDIO: BlockType.VOICE, MediaType.IMAGE: BlockType.IMAGE}
READER = {MediaType.AUDIO: StepKind.TRANSCRIBE, MediaType.IMAGE: StepKind.DESCRIBE_IMAGE}

NEVER_ARRIVED = "upload_never_arrived"
"""Why a reading step is skipped whose file did not come in time."""


@frozen
class Session:
    """One sitting of capturing things. `finalized_as` is how its finalize was answered, whatever it became since.

    `version` grows by one with each change, as a block's does.
    """

    id: SessionId
    user_id: UserId
    session_type: SessionType
    status: SessionStatus
    language: str
    time_zone: str
    title: str | None
    ai_summary: str | None
    failure_reason: str | None
    created_at: datetime
    updated_at: datetime
    finalized_at: datetime | None
    finalized_as: SessionStatus | None
    processed_at: datetime | None
    version: int


@frozen
class Block:
    """One captured thing. `text_origin` is "user", or the provider that made the text."""

    id: BlockId
    session_id: SessionId
    block_type: BlockType
    text_content: str | None
    text_origin: str | None
    segments: tuple[Segment, ...]
    media_id: MediaId | None
    metadata: dict[str, Any]
    captured_at: datetime
    created_at: datetime
    updated_at: datetime
    version: int

    @property
    def has_text(self) -> bool:
        """It holds something that can be found and summed up."""
        return bool((self.text_content or "").strip())


@frozen
class NewBlock:
    """A block as the phone sends it; without an id it gets one."""

    id: BlockId | None
    block_type: BlockType
    text_content: str | None
    media_id: MediaId | None
    metadata: dict[str, Any]
    captured_at: datetime | None


@frozen
class SessionFilter:
    """Which sessions a list shows; None does not narrow."""

    status: SessionStatus | None = None
    session_type: SessionType | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    words: str | None = None


def unread_media(media: Sequence[MediaFile], blocks: Sequence[Block]) -> list[MediaFile]:
    """Usable files nobody has put into words: neither an earlier job nor the user, who may have left them blank."""
    written = {block.media_id for block in blocks if block.text_origin is not None}
    return [file for file in media if file.status is not MediaStatus.REJECTED and file.id not in written]


def untried_media(media: Sequence[MediaFile], steps: Sequence[Step]) -> list[MediaFile]:
    """Arrived files that no step of any job of the session has ever been at: they came too late for it."""
    tried = {step.media_id for step in steps if step.reason != NEVER_ARRIVED}
    return [file for file in media if file.status is MediaStatus.UPLOADED and file.id not in tried]


class Move(StrEnum):
    """What a session under way does next."""

    WAIT = "wait"
    START_MAKING = "start_making"
    FINISH = "finish"
    FAIL = "fail"


def next_move(steps: Sequence[Step], *, has_text: bool) -> Move:
    """Decide from a job's steps: first all media are read, then text is embedded and summed up, side by side."""
    if any(step.state is StepState.FAILED for step in steps):
        return Move.FAIL
    reading = [step for step in steps if step.kind in READING]
    making = [step for step in steps if step.kind not in READING]
    if not all(step.state.is_final for step in reading):
        return Move.WAIT
    if not has_text:
        return Move.FAIL
    if all(step.state.is_final for step in making):
        return Move.FINISH
    return Move.START_MAKING if any(step.state is StepState.WAITING for step in making) else Move.WAIT


def joinable(steps: Sequence[Step]) -> list[Step]:
    """Of a job's steps, those that wait for the parts of their recording, and need not any more."""
    waiting = [step for step in steps if step.state is StepState.WAITING and step.reason == FOR_PARTS]
    unfinished = {step.media_id for step in steps if step.kind in SHARING and not step.state.is_final}
    return [step for step in waiting if step.media_id not in unfinished]


def failure_reason(steps: Sequence[Step]) -> str:
    """Why a session failed, as a stable code: its failed step's reason, or that nothing was usable."""
    failed = next((step for step in steps if step.state is StepState.FAILED), None)
    return "nothing_usable" if failed is None else f"{failed.kind}_failed: {failed.reason}"
