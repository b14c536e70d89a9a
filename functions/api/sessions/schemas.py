"""The wire shapes of sessions and blocks."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AfterValidator,
    ConfigDict,
    Discriminator,
    Field,
    RootModel,
    StringConstraints,
    Tag,
)
from pydantic_core import PydanticCustomError

from shared.edge.captured import BlockOut, MediaOut, SessionOut
from shared.edge.endpoint import Body, Query
from shared.edge.pages import PageQuery
from shared.edge.shape import shape
from shared.edge.texts import Language, TimeZone, Title
from shared.edge.times import Instant
from shared.ids import BlockId, MediaId
from shared.jobs.model import Step
from shared.sessions.model import BlockType, NewBlock, SessionStatus, SessionType
from shared.sessions.read_session import WholeSession
from shared.values import frozen

MAX_METADATA_CHARACTERS = 1_000
MAX_BLOCKS_AT_ONCE = 100


def _short(metadata: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(metadata, ensure_ascii=False, separators=(",", ":"))) > MAX_METADATA_CHARACTERS:
        raise PydanticCustomError(
            "metadata_too_long", "metadata may have {most} characters as JSON", {"most": MAX_METADATA_CHARACTERS}
        )
    return metadata


Metadata = Annotated[dict[str, Any], AfterValidator(_short)]
BaseVersion = Annotated[int, Field(ge=1, lt=2**31)]
"""The version a change is based on: of the thing as the app last read it."""
BlockText = Annotated[str, StringConstraints(max_length=100_000)]


class CreateSession(Body):
    """POST /api/sessions. An `id` made by the app makes a retry the same session."""

    session_type: SessionType
    id: UUID | None = None
    language: Language | None = None
    time_zone: TimeZone | None = None
    title: Title | None = None


class EditSession(Body):
    """PATCH /api/sessions/{session_id}: what is left out stays."""

    title: Title | None = None
    language: Language | None = None
    base_version: BaseVersion | None = None


class DeleteQuery(Query):
    """DELETE of a session or a block."""

    base_version: BaseVersion | None = None


class SessionQuery(PageQuery):
    """GET /api/sessions. `from` is inclusive, `to` is not."""

    status: SessionStatus | None = None
    session_type: SessionType | None = None
    created_from: Instant | None = Field(default=None, alias="from")
    created_to: Instant | None = Field(default=None, alias="to")
    q: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] | None = None


class OneBlock(Body):
    """One captured thing."""

    block_type: BlockType
    id: UUID | None = None
    text_content: BlockText | None = None
    media_id: UUID | None = None
    metadata: Metadata = Field(default_factory=dict)
    captured_at: Instant | None = None

    def as_new_block(self) -> NewBlock:
        """The same as our own value."""
        return NewBlock(
            id=None if self.id is None else BlockId(self.id),
            block_type=self.block_type,
            text_content=self.text_content or None,  # an empty field is no text of the user's
            media_id=None if self.media_id is None else MediaId(self.media_id),
            metadata=self.metadata,
            captured_at=self.captured_at,
        )


def _shape(body: Any) -> str:  # noqa: ANN401 - any JSON
    return ":list" if isinstance(body, list) else ":one"


Blocks = Annotated[list[OneBlock], Field(min_length=1, max_length=MAX_BLOCKS_AT_ONCE)]


class AddBlocks(RootModel):  # pyright: ignore[reportMissingTypeArgument] - naming one builds a model at import
    """POST /api/sessions/{session_id}/blocks: one, or a list of up to 100."""

    model_config = ConfigDict(defer_build=True)

    root: Annotated[Annotated[OneBlock, Tag(":one")] | Annotated[Blocks, Tag(":list")], Discriminator(_shape)]


class EditBlock(Body):
    """PATCH of a block: what is left out stays."""

    text_content: BlockText | None = None
    metadata: Metadata | None = None
    base_version: BaseVersion | None = None


class FinalizeSession(Body):
    """POST /api/sessions/{session_id}/finalize. `ai: false` keeps the session as it is."""

    ai: bool = True


@frozen
class BlocksOut:
    """What adding a list of blocks answers."""

    blocks: list[BlockOut]


@frozen
class StepOut:
    """A step of the processing. `age_seconds` counts from its last move; `provider_ms` is the time of its provider.

    `due_at`: nobody tries it before, because the provider asked for that, or is not asked at all.
    """

    id: UUID
    kind: str
    state: str
    age_seconds: float
    reason: str | None
    due_at: datetime | None
    attempts: int
    provider: str | None
    model: str | None
    provider_ms: int | None
    media_id: UUID | None
    block_id: UUID | None

    @classmethod
    def of(cls, step: Step, now: datetime) -> "StepOut":
        """The wire shape of a step, seen at `now`."""
        return shape(cls, step, age_seconds=max(0.0, round((now - step.changed_at).total_seconds(), 3)))


@frozen
class WholeSessionOut(SessionOut):
    """GET /api/sessions/{session_id}."""

    blocks: list[BlockOut]
    media: list[MediaOut]
    steps: list[StepOut]

    @classmethod
    def of_whole(cls, whole: WholeSession) -> "WholeSessionOut":
        """The wire shape of a session with all that belongs to it."""
        now = datetime.now(UTC)
        return shape(
            cls,
            whole.session,
            summary=whole.session.ai_summary,
            blocks=[BlockOut.of(block) for block in whole.blocks],
            media=[MediaOut.of(media) for media in whole.media],
            steps=[StepOut.of(step, now) for step in whole.steps],
        )


@frozen
class SessionPageOut:
    """A page of sessions; `next_cursor` is null on the last."""

    sessions: list[SessionOut]
    next_cursor: str | None


@frozen
class MovedOut:
    """What finalizing and processing answer: where the session went."""

    message: str
    session_id: UUID
    status: SessionStatus
