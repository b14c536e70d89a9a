"""The wire shapes of sync."""

import base64
import binascii
from dataclasses import field
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from shared.edge.captured import BlockOut, MediaOut, SessionOut
from shared.edge.endpoint import Body, Query
from shared.errors import Invalid
from shared.media.model import MediaFile
from shared.sessions.model import Block, Session
from shared.sync.holding import HeldItem, Verdict
from shared.sync.model import ChangedThing, FeedPosition, ThingKind
from shared.values import frozen

MAX_ITEMS = 500
_MAX_SEQ = 2**63 - 1


class ChangesQuery(Query):
    """GET /api/sync/changes. Without a cursor: from the beginning."""

    limit: Annotated[int, Field(ge=1, le=500)] = 100
    cursor: Annotated[str, Field(max_length=200)] | None = None

    def position(self) -> FeedPosition | None:
        """Where to go on. Raises Invalid for a cursor that is not one of ours."""
        return None if self.cursor is None else read_position(self.cursor)


def write_position(position: FeedPosition) -> str:
    """The cursor that goes on behind `position`."""
    text = f"{position.feed_id}|{position.seq}|{position.kind}|{position.id}"
    return base64.urlsafe_b64encode(text.encode()).decode()


def read_position(cursor: str) -> FeedPosition:
    """Raises Invalid for a cursor that is not one of ours."""
    try:
        feed_id, seq, kind, thing_id = base64.b64decode(cursor, altchars=b"-_", validate=True).decode().split("|")
        position = FeedPosition(feed_id=UUID(feed_id), seq=int(seq), kind=kind, id=UUID(thing_id))
    except (binascii.Error, ValueError) as error:
        raise _unknown_cursor() from error
    if not 0 <= position.seq <= _MAX_SEQ or position.kind not in {"", *ThingKind}:
        raise _unknown_cursor()
    return position


def _unknown_cursor() -> Invalid:
    return Invalid("The cursor is not one this API gave out: begin again without it.", code="cursor_invalid")


@frozen
class ChangeOut:
    """A thing as it is now."""

    kind: ThingKind
    id: UUID
    deleted: Literal[False] = field(default=False)
    body: SessionOut | BlockOut | MediaOut


@frozen
class TombstoneOut:
    """A thing that is gone."""

    kind: ThingKind
    id: UUID
    deleted: Literal[True] = field(default=True)


def change_out(thing: ChangedThing) -> ChangeOut | TombstoneOut:
    """The wire shape of a change."""
    kind, thing_id = thing.change.kind, thing.change.id
    match thing.body:
        case None:
            return TombstoneOut(kind=kind, id=thing_id)
        case Session():
            return ChangeOut(kind=kind, id=thing_id, body=SessionOut.of(thing.body))
        case Block():
            return ChangeOut(kind=kind, id=thing_id, body=BlockOut.of(thing.body))
        case MediaFile():
            return ChangeOut(kind=kind, id=thing_id, body=MediaOut.of(thing.body))


@frozen
class ChangesOut:
    """Some changes. `next_cursor` is always there: ask with it at once while `has_more`, later when not."""

    changes: list[ChangeOut | TombstoneOut]
    next_cursor: str
    has_more: bool


class Item(Body):
    """Something the phone holds. Size and SHA-256 are of a file's bytes."""

    id: UUID
    type: ThingKind = ThingKind.MEDIA
    size_bytes: Annotated[int, Field(ge=0, lt=2**53)] | None = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None

    @model_validator(mode="after")
    def _only_files_have_bytes(self) -> "Item":
        if self.type is not ThingKind.MEDIA and (self.size_bytes, self.sha256) != (None, None):
            raise PydanticCustomError("no_file", "only an item of type media has size_bytes and sha256")
        return self

    def as_held_item(self) -> HeldItem:
        """The same as our own value."""
        return HeldItem(kind=self.type, id=self.id, size_bytes=self.size_bytes, sha256=self.sha256)


class ReconcileItems(Body):
    """POST /api/sync/reconcile."""

    items: Annotated[list[Item], Field(max_length=MAX_ITEMS)]


@frozen
class VerdictOut:
    """What we have of an item. `verified_by` is the strongest fact about its bytes that is the phone's and ours."""

    id: UUID
    type: ThingKind
    state: str
    reason: str | None
    verified_by: str | None

    @classmethod
    def of(cls, item: HeldItem, verdict: Verdict) -> "VerdictOut":
        """The wire shape of a verdict."""
        return cls(
            id=item.id,
            type=item.kind,
            state=verdict.state,
            reason=verdict.reason,
            verified_by=verdict.verified_by,
        )


@frozen
class ReconciledOut:
    """The verdicts, in the order of the items."""

    items: list[VerdictOut]
