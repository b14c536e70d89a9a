"""Tells a phone what has changed since it last asked."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from shared.db.connection import Database, Transaction
from shared.errors import NotFound
from shared.ids import BlockId, MediaId, SessionId, UserId
from shared.media.media_by_ids import media_by_ids
from shared.sessions.blocks_by_ids import blocks_by_ids
from shared.sessions.sessions_by_ids import sessions_by_ids
from shared.sync import repository
from shared.sync.model import (
    Body,
    Change,
    ChangedThing,
    ChangePage,
    FeedPosition,
    ThingKind,
    behind,
    that_fit,
    where_to_begin,
)

_STRETCH = 50
"""Bodies read at once: so many of the longest transcripts still fit a function's memory."""


def read_changes(db: Database, user_id: UserId, *, after: FeedPosition | None, limit: int) -> ChangePage:
    """Up to `limit` changes behind `after` (None: from the beginning), fewer when their texts are long.

    Everything is read at one moment, so that a body is never older or newer than its place in the feed.
    Raises Invalid for a position in another numbering, and NotFound when the user is gone.
    """
    with db.transaction(user_id, is_snapshot=True) as tx:
        feed = repository.find_feed(tx, user_id)
        if feed is None:
            raise NotFound
        start = where_to_begin(feed, after)
        found = repository.changes_behind(tx, user_id, start, limit + 1)
        things = that_fit(_things(tx, user_id, found[:limit]))
    position = behind(feed, things[-1].change) if things else start
    return ChangePage(things=things, position=position, has_more=len(found) > len(things))


def _things(tx: Transaction, user_id: UserId, changes: Sequence[Change]) -> Iterator[ChangedThing]:
    for start in range(0, len(changes), _STRETCH):
        stretch = changes[start : start + _STRETCH]
        bodies = _bodies(tx, user_id, stretch)
        for change in stretch:
            yield ChangedThing(change=change, body=bodies.get((change.kind, change.id)))


def _bodies(tx: Transaction, user_id: UserId, changes: Sequence[Change]) -> dict[tuple[ThingKind, UUID], Body]:
    ids = {kind: [change.id for change in changes if change.kind is kind] for kind in ThingKind}
    sessions = sessions_by_ids(tx, user_id, [SessionId(of) for of in ids[ThingKind.SESSION]])
    blocks = blocks_by_ids(tx, user_id, [BlockId(of) for of in ids[ThingKind.BLOCK]])
    media = media_by_ids(tx, user_id, [MediaId(of) for of in ids[ThingKind.MEDIA]])
    found: dict[tuple[ThingKind, UUID], Body] = {}
    found |= {(ThingKind.SESSION, of): body for of, body in sessions.items()}
    found |= {(ThingKind.BLOCK, of): body for of, body in blocks.items()}
    found |= {(ThingKind.MEDIA, of): body for of, body in media.items()}
    return found
