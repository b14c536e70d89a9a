"""Removes the objects of an account from the bucket, and lists it afterwards to see that they are gone."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from shared.db.connection import Database
from shared.ids import UserId
from shared.leaving import repository
from shared.leaving.model import LAST_LOOK_AFTER, prefix_of
from shared.media.store import ObjectStore


def remove_objects(db: Database, store: ObjectStore, account_id: UserId, *, is_late: Callable[[], bool]) -> bool:
    """True when nothing is left; False when time ran out. Raises VendorDown. A repeat goes on with the next folder.

    The folder of a session may hold objects of others: ids of sessions come from phones, and two users may have the
    same one. Only keys that our rows named as this account's are touched. What is there is written down before it
    goes, so that each is counted once.
    """
    with db.transaction(account_id) as tx:
        known = repository.objects(tx, account_id, last_look_after=LAST_LOOK_AFTER)
    for object_key, upload_id in known:
        if upload_id is not None:  # first: one that is just being joined becomes an object
            store.abandon_parts(object_key, upload_id)
    for prefix, keys in _by_prefix(known).items():
        if is_late():
            return False
        if not _is_emptied(db, store, account_id, prefix, keys):
            return False
        with db.transaction(account_id) as tx:
            repository.note_gone(tx, account_id, sorted(keys))
    return True


def _by_prefix(known: list[tuple[str, str | None]]) -> dict[str, set[str]]:
    keys: dict[str, set[str]] = defaultdict(set)
    for object_key, _ in known:
        keys[prefix_of(object_key)].add(object_key)
    return keys


def _is_emptied(db: Database, store: ObjectStore, account_id: UserId, prefix: str, keys: set[str]) -> bool:
    there = [object_key for object_key in _listed(store, prefix) if object_key in keys]
    if not there:
        return True
    with db.transaction(account_id) as tx:
        repository.note_there(tx, account_id, there)
    store.discard(there)
    return not any(object_key in keys for object_key in _listed(store, prefix))


def _listed(store: ObjectStore, prefix: str) -> Iterator[str]:
    after: str | None = None
    while True:
        page = store.list_objects(prefix, after=after)
        yield from (found.object_key for found in page.objects)
        if page.next_after is None:
            return
        after = page.next_after
