"""Rows as they are brought back, of the tables that are a user's own; everything else in a ZIP is passed over.

Fields are columns. `SERVER_OWNED` names the columns of these tables that are not taken from a ZIP, each with what it
becomes; a test compares both with the catalogue of the database, so that a new column is decided about.
"""

import json
import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shared.media.model import EXTENSIONS, MediaType
from shared.when.zones import zone_named

SERVER_OWNED = {
    "sessions": {"user_id": "the caller", "version": "1"},
    "media_files": {"user_id": "the caller", "object_key": "a new one", "etag": "of the new object"},
    "session_blocks": {"user_id": "the caller", "version": "1"},
    "conversations": {"user_id": "the caller"},
    "conversation_turns": {"user_id": "the caller"},
    "turn_blocks": {"user_id": "the caller"},
    "users": {
        "id": "stays",
        "firebase_uid": "stays",
        "email": "stays",
        "credits": "stays",
        "credit_debt": "stays",
        "stripe_customer_id": "stays",
        "customer_asked_at": "stays",
        "disabled_at": "stays",
        "signed_out_at": "stays",
        "daily_spend_cents": "stays",
        "created_at": "stays",
        "updated_at": "stays",
    },
}

_CODE = re.compile(r"[A-Za-z0-9_]{1,80}(: [A-Za-z0-9_]{1,80})?")
_MOST_METADATA = 2_000
"""Written as Postgres writes them, which is what its own check counts."""


def _kept(text: str) -> str:
    if "\x00" in text:
        raise ValueError("text must not contain NUL characters")
    return text


def _known_zone(name: str) -> str:
    if zone_named(name) is None:
        raise ValueError("no time zone")
    return name


def _short(metadata: dict[str, Any]) -> dict[str, Any]:
    told = json.dumps(metadata, ensure_ascii=False, allow_nan=False)
    if len(told) > _MOST_METADATA or "\\u0000" in told:
        raise ValueError("too long, or with NUL characters")
    return metadata


def _code(reason: str) -> str | None:
    """Why it failed, where that is a code as ours are: administrators see it, who see nothing that a user wrote."""
    return reason if _CODE.fullmatch(reason) else None


def _in_utc(moment: datetime) -> datetime:
    """As it is kept: an offset may lead out of the years 1 to 9999, which nobody could read back."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("outside of the years 1 to 9999") from error


Word = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(_kept)]
Reason = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(_code)]
Text = Annotated[str, StringConstraints(max_length=2_000_000), AfterValidator(_kept)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
TimeZone = Annotated[str, AfterValidator(_known_zone)]
Milliseconds = Annotated[int, Field(ge=0, lt=2**31)]


class Row(BaseModel):
    """Base of all: what else a line holds is passed over."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", defer_build=True)

    @property
    def key(self) -> tuple[UUID, ...]:
        """What rows of its file are in order of; of a table with one row, nothing, so that a second is refused."""
        return ()


class UserRow(Row):
    """What a user chose."""

    preferred_language: Language
    time_zone: TimeZone
    push_processed: bool
    push_failed: bool
    push_credits_low: bool


class SessionRow(Row):
    """A session. One that was being processed comes back as it was before: `raw_only`, to be processed by its user."""

    id: UUID
    session_type: Literal["voice", "image", "mixed"]
    status: Literal["open", "pending_processing", "processing", "processed", "failed", "no_credits", "raw_only"]
    language: Language
    time_zone: TimeZone
    title: Word | None
    ai_summary: Text | None
    failure_reason: Reason | None
    created_at: Moment
    updated_at: Moment
    finalized_at: Moment | None
    finalized_as: Literal["pending_processing", "no_credits", "raw_only"] | None
    processed_at: Moment | None

    @property
    def key(self) -> tuple[UUID, ...]:
        """What rows of its file are in order of."""
        return (self.id,)

    @property
    def settled_status(self) -> str:
        """Nobody is at it."""
        return "raw_only" if self.status in {"pending_processing", "processing"} else self.status


class MediaRow(Row):
    """A recording or a picture."""

    id: UUID
    session_id: UUID
    type: Literal["audio", "image"]
    content_type: Annotated[str, StringConstraints(pattern=r"^(audio|image)/[a-z0-9.+-]{1,60}$")]
    size_bytes: Annotated[int, Field(gt=0, lt=2**53)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None
    status: Literal["pending", "uploaded", "rejected"]
    reason: Word | None
    duration_ms: Milliseconds | None
    speech_ms: Milliseconds | None
    created_at: Moment
    uploaded_at: Moment | None

    @model_validator(mode="after")
    def _is_taken(self) -> Self:
        if self.content_type not in EXTENSIONS[MediaType(self.type)]:
            raise ValueError("a type we do not take")
        return self

    @property
    def key(self) -> tuple[UUID, ...]:
        """What rows of its file are in order of."""
        return (self.session_id, self.id)


class SpokenWord(BaseModel):
    """A piece of a segment."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", defer_build=True)

    start_ms: Milliseconds
    end_ms: Milliseconds
    text: Text


class SpokenSegment(SpokenWord):
    """A stretch of a transcript."""

    words: list[SpokenWord] = []


class BlockRow(Row):
    """A captured thing."""

    id: UUID
    session_id: UUID
    block_type: Literal["voice", "image", "marker"]
    text_content: Text | None
    text_origin: Word | None
    segments: list[SpokenSegment] | None
    media_id: UUID | None
    made_by: Literal["app", "upload"]
    metadata: Annotated[dict[str, Any], AfterValidator(_short)]
    captured_at: Moment
    created_at: Moment
    updated_at: Moment

    @property
    def key(self) -> tuple[UUID, ...]:
        """What rows of its file are in order of."""
        return (self.session_id, self.id)

    @property
    def has_text(self) -> bool:
        """It can be found."""
        return bool((self.text_content or "").strip())


class ConversationRow(Row):
    """Questions that followed on one another."""

    id: UUID
    created_at: Moment
    asked_at: Moment

    @property
    def key(self) -> tuple[UUID, ...]:
        """What rows of its file are in order of."""
        return (self.id,)


class TurnRow(Row):
    """A question and its answer."""

    id: UUID
    conversation_id: UUID
    question: Text
    answer: Text | None
    created_at: Moment

    @property
    def key(self) -> tuple[UUID, ...]:
        """What rows of its file are in order of."""
        return (self.id,)


class TurnBlockRow(Row):
    """A block an answer was made of."""

    turn_id: UUID
    block_id: UUID

    @property
    def key(self) -> tuple[UUID, ...]:
        """What rows of its file are in order of."""
        return (self.turn_id, self.block_id)


BROUGHT: dict[str, type[Row]] = {
    "sessions": SessionRow,
    "media_files": MediaRow,
    "session_blocks": BlockRow,
    "conversations": ConversationRow,
    "conversation_turns": TurnRow,
    "turn_blocks": TurnBlockRow,
    "users": UserRow,
}
"""The tables that are brought back, and what a row of each must be."""
