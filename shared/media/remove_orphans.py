"""Removes what lies in the bucket and is nobody's: a page of it at a time, round after round.

An object is an orphan when no row names its key and it is older than two weeks. Keys are made here and never used
twice, and a row is written before its URL is given away: what no row names after an hour, no row will ever name. The
two weeks are for people: who restored a database of some days ago, or pointed the sweep at an empty one, has time to
notice before recordings go that the right one knows. For the same reason nothing goes where most would have to.
What was exported, or brought to be imported, is a copy, and waits for nobody for so long.
"""

from collections.abc import Sequence
from datetime import timedelta

from shared.db.connection import Database, Transaction
from shared.errors import Conflict
from shared.media import upload_repository
from shared.media.model import BucketRound
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
PREFIXES = {
    "objects": "sessions/",
    "parts": "parts/",
    "uploads": "sessions/",
    "exports": "exports/",
    "imports": "imports/",
    "export_uploads": "exports/",
}
UPLOADS = {"uploads", "export_uploads"}
"""Rounds that look for unfinished uploads in parts; the others look for objects."""

AGES = {"exports": timedelta(hours=48), "imports": timedelta(hours=48)}
"""Of orphans that hold no recording but a copy of everything: no row names a ZIP for longer than a day or two."""


def remove_orphans(system_db: Database, store: ObjectStore) -> int:
    """How many objects and unfinished uploads of one page were removed. Raises VendorDown; the next sweep goes on.

    Raises Conflict, and removes nothing of the page, when most of it would have to go: the next sweep says so again.
    """
    with system_db.transaction(None) as tx:
        due = upload_repository.due_round(tx)
    if due is None:
        return 0
    look = _abandon_uploads if due.name in UPLOADS else _discard_objects
    removed, next_after = look(system_db, store, due)
    with system_db.transaction(None) as tx:
        rests_for = REST_BETWEEN_ROUNDS if next_after is None else timedelta(0)
        upload_repository.move_round(tx, due.name, after=next_after, rests_for=rests_for)
    return removed


def _discard_objects(db: Database, store: ObjectStore, due: BucketRound) -> tuple[int, str | None]:
    page = store.list_objects(PREFIXES[due.name], after=due.after)
    age = AGES.get(due.name, ORPHAN_AGE)
    old = [found.object_key for found in page.objects if due.asked_at - found.modified_at > age]
    with db.transaction(None) as tx:
        orphans = sorted(set(old) - upload_repository.owned_keys(tx, old))
    _doubt(orphans, old)
    removed = sum(_discard(db, store, object_key) for object_key in orphans)
    if removed:
        count("orphans_removed", removed, kind="object")
    return removed, page.next_after


def _doubt(orphans: Sequence[str], old: Sequence[str]) -> None:
    if len(orphans) >= DOUBTED_FROM and 2 * len(orphans) > len(old):
        count("orphans_doubted", len(orphans))
        raise Conflict(
            f"{len(orphans)} of {len(old)} objects would be removed: is this the database of this bucket?",
            code="orphans_doubted",
        )


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
