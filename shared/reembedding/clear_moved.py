"""Forgets what was left of the old model, of users who were moved a while ago."""

import time
from collections.abc import Callable

from shared.db.connection import Database
from shared.ids import UserId
from shared.reembedding import repository
from shared.search.forget_beside import forget_beside

CHUNKS_AT_ONCE = 500
"""In one transaction: about 50 ms, for which nobody waits."""

WITHIN_SECONDS = 10.0


def clear_moved(db: Database, *, now: Callable[[], float] = time.monotonic) -> int:
    """How many users nothing is left to do for. `db` connects as the system role."""
    until = now() + WITHIN_SECONDS
    cleared, seen = 0, list[UserId]()
    while now() < until and (user_id := _next(db, seen)) is not None:
        seen.append(user_id)
        while now() < until:
            if _clear_some(db, user_id):
                cleared += 1
                break
    return cleared


def _next(db: Database, seen: list[UserId]) -> UserId | None:
    with db.transaction(None) as tx:
        found = repository.due(tx, is_moved=True, besides=seen)
    return None if found is None else found.user_id


def _clear_some(db: Database, user_id: UserId) -> bool:
    """Whether that was all. Not of a user who is under way again, perhaps back to where they came from."""
    with db.transaction(user_id) as tx:
        if not repository.lock_moved(tx, user_id):
            return True
        is_clear = forget_beside(tx, user_id, limit=CHUNKS_AT_ONCE)
        if is_clear:
            repository.end(tx, user_id)
    return is_clear
