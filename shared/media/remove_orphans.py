"""Removes what lies in the bucket and is nobody's: a page of it at a time, round after round.

An object is an orphan when no row names its key and it is older than two weeks. Keys are made here and never used
twice, and a row is written before its URL is given away: what no row names after an hour, no row will ever name. The
two weeks are for people: who restored a database of some days ago, or pointed the sweep at an empty one, has time to
notice before recordings go that the right one knows. For the same reason nothing goes where most would have to:
unless it lies apart from the recordings, and these are known. What was exported, or brought to be imported, is a copy,
and waits for nobody for so long.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.db.connection import Database, Transaction
from shared.errors import Conflict
from shared.media import upload_repository
from shared.media.model import BucketRound, ObjectPage
from shared.media.store import ObjectStore
from shared.metrics import count
from shared.telemetry import log

ORPHAN_AGE = timedelta(days=14)
"""Longer than any URL works, any message lives and any worker takes to write the row of a part it stored."""

ABANDONED_AFTER = timedelta(hours=48)
"""An unfinished upload in parts holds nothing that was ever acknowledged."""

DOUBTED_FROM = 20
"""So many orphans on a page, and more than half of its old objects: then it is rather the database that is wrong."""

REST_BETWEEN_ROUNDS = timedelta(hours=1)
REST_OF_DOUBTED = timedelta(minutes=30)
"""Others have their turn meanwhile. Shorter than the hour that the alarm looks at, so that it does not cease."""

RECORDINGS = "sessions/"
"""Where lies what nobody can make again. The other prefixes hold copies, and hardly anything most of the time."""

PREFIXES = {
    "objects": RECORDINGS,
    "parts": "parts/",
    "uploads": RECORDINGS,
    "exports": "exports/",
    "imports": "imports/",
    "export_uploads": "exports/",
}
UPLOADS = {"uploads", "export_uploads"}
"""Rounds that look for unfinished uploads in parts; the others look for objects."""

AGES = {"exports": timedelta(hours=48), "imports": timedelta(hours=48)}
"""Of orphans that hold no recording but a copy of everything: no row names a ZIP for longer than a day or two."""


class OrphansDoubted(Conflict):
    """Most of a page would have to go: is this the database of this bucket?"""

    code = "orphans_doubted"


def remove_orphans(system_db: Database, store: ObjectStore) -> int:
    """How many objects and unfinished uploads of one page were removed. Raises VendorDown; the next sweep goes on.

    Raises OrphansDoubted, and removes nothing of the page, when most of it would have to go: the round stays where it
    is, and says so again in half an hour.
    """
    with system_db.transaction(None) as tx:
        due = upload_repository.due_round(tx)
    if due is None:
        return 0
    look = _abandon_uploads if due.name in UPLOADS else _discard_objects
    try:
        removed, next_after = look(system_db, store, due)
    except OrphansDoubted:
        _move(system_db, due, after=due.after, rests_for=REST_OF_DOUBTED)
        raise
    _move(system_db, due, after=next_after, rests_for=REST_BETWEEN_ROUNDS if next_after is None else timedelta(0))
    return removed


def _move(db: Database, due: BucketRound, *, after: str | None, rests_for: timedelta) -> None:
    with db.transaction(None) as tx:
        upload_repository.move_round(tx, due.name, after=after, rests_for=rests_for)


def _discard_objects(db: Database, store: ObjectStore, due: BucketRound) -> tuple[int, str | None]:
    prefix = PREFIXES[due.name]
    page = store.list_objects(prefix, after=due.after)
    old, orphans = _orphans(db, page, older_than=due.asked_at - AGES.get(due.name, ORPHAN_AGE))
    if _is_doubtful(old, orphans) and (prefix == RECORDINGS or not _knows_recordings(db, store, due)):
        count("orphans_doubted", len(orphans))
        log.error("orphans doubted", extra={"prefix": prefix, "orphans": len(orphans), "old": len(old)})
        raise OrphansDoubted(
            f"{len(orphans)} of {len(old)} objects of {prefix} would be removed: is this the database of this bucket?"
        )
    removed = sum(_discard(db, store, object_key) for object_key in orphans)
    if removed:
        count("orphans_removed", removed, kind="object")
    return removed, page.next_after


def _orphans(db: Database, page: ObjectPage, *, older_than: datetime) -> tuple[list[str], list[str]]:
    """The keys of the page's old objects, and those of them that no row names."""
    old = [found.object_key for found in page.objects if found.modified_at < older_than]
    with db.transaction(None) as tx:
        return old, sorted(set(old) - upload_repository.owned_keys(tx, old))


def _is_doubtful(old: Sequence[str], orphans: Sequence[str]) -> bool:
    return len(orphans) >= DOUBTED_FROM and 2 * len(orphans) > len(old)


def _knows_recordings(db: Database, store: ObjectStore, due: BucketRound) -> bool:
    """Whether rows name most of a page of old recordings: then it is their database, and the copies are nobody's.

    A bucket without old recordings proves nothing.
    """
    page = store.list_objects(RECORDINGS, after=None)
    old, orphans = _orphans(db, page, older_than=due.asked_at - ORPHAN_AGE)
    return 2 * len(orphans) < len(old)


def _discard(db: Database, store: ObjectStore, object_key: str) -> bool:
    with db.transaction(None) as tx:
        if _is_owned(tx, object_key):  # asked again at the last moment: an owned object must never go
            return False
    store.discard([object_key])
    log.info("orphan removed", extra={"object_key": object_key})
    return True


def _is_owned(tx: Transaction, object_key: str) -> bool:
    return bool(upload_repository.owned_keys(tx, [object_key]))


def _abandon_uploads(db: Database, store: ObjectStore, due: BucketRound) -> tuple[int, str | None]:
    page = store.list_unfinished(PREFIXES[due.name], after=due.after)
    old = [upload for upload in page.uploads if due.asked_at - upload.begun_at > ABANDONED_AFTER]
    with db.transaction(None) as tx:
        wanted = upload_repository.wanted_uploads(tx, [upload.upload_id for upload in old])
    abandoned = [upload for upload in old if upload.upload_id not in wanted]
    for upload in abandoned:
        store.abandon_parts(upload.object_key, upload.upload_id)
    if abandoned:
        count("orphans_removed", len(abandoned), kind="upload")
    return len(abandoned), page.next_after
