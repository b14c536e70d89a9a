"""The feed of changes as values, and how much of it goes into one answer."""

import json
from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from shared.errors import Invalid
from shared.media.model import MediaFile
from shared.sessions.model import Block, Session
from shared.values import frozen

BYTES_AT_ONCE = 3 * 1024 * 1024
"""Lambda answers 6 MB at most, as text inside JSON, which escapes quotes once more."""

_BYTES_OF_ANY = 1_000
_BYTES_OF_A_SEGMENT = 60


class ThingKind(StrEnum):
    """What a phone keeps a copy of."""

    SESSION = "session"
    BLOCK = "block"
    MEDIA = "media"


Body = Session | Block | MediaFile


@frozen
class Feed:
    """One user's numbering of changes. `id` is another one after the numbers began anew."""

    id: UUID
    last_seq: int


@frozen
class FeedPosition:
    """Behind one change of one feed. Changes of one transaction have one `seq`: kind and id order them."""

    feed_id: UUID
    seq: int
    kind: str
    id: UUID


@frozen
class Change:
    """The latest change of one thing."""

    kind: ThingKind
    id: UUID
    seq: int


@frozen
class ChangedThing:
    """A change with the thing as it is now; None when it is gone."""

    change: Change
    body: Body | None


@frozen
class ChangePage:
    """Some changes in their order, where they end, and whether there are more."""

    things: list[ChangedThing]
    position: FeedPosition
    has_more: bool


def where_to_begin(feed: Feed, after: FeedPosition | None) -> FeedPosition:
    """`after`, or before the first change. Raises Invalid for a position in another numbering than the feed's."""
    if after is None:
        return FeedPosition(feed_id=feed.id, seq=0, kind="", id=UUID(int=0))
    if after.feed_id != feed.id or after.seq > feed.last_seq:
        raise Invalid("The cursor is not one this feed gave out: begin again without it.", code="cursor_invalid")
    return after


def behind(feed: Feed, change: Change) -> FeedPosition:
    """The position after that change."""
    return FeedPosition(feed_id=feed.id, seq=change.seq, kind=change.kind, id=change.id)


def that_fit(things: Iterable[ChangedThing], most_bytes: int = BYTES_AT_ONCE) -> list[ChangedThing]:
    """The first of them that go into one answer, at least one; no more are taken of `things` than needed to know."""
    fitting: list[ChangedThing] = []
    left = most_bytes
    for thing in things:
        left -= weight(thing.body)
        if left < 0 and fitting:
            break
        fitting.append(thing)
    return fitting


def weight(body: Body | None) -> int:
    """About how many bytes it takes in an answer: its texts as JSON, and a flat part."""
    match body:
        case Block():
            said = [segment.text for segment in body.segments]
            texts: list[object] = [body.text_content, said, body.metadata]
            return _BYTES_OF_ANY + _BYTES_OF_A_SEGMENT * len(said) + _bytes_as_json(texts)
        case Session():
            return _BYTES_OF_ANY + _bytes_as_json([body.title, body.ai_summary])
        case _:
            return _BYTES_OF_ANY


def _bytes_as_json(texts: list[object]) -> int:
    return len(json.dumps(texts, ensure_ascii=False).encode())
