"""Moves users to the current embedding model, one after the other, as far as this day's tokens go."""

import time
from collections.abc import Callable

from shared.ai.embedders import Embedders
from shared.db.connection import Database
from shared.errors import Busy, NotFound, VendorDown
from shared.ids import UserId
from shared.reembedding.embed_portion import DaySpent
from shared.reembedding.move_user import move_user
from shared.reembedding.pick_user import models_elsewhere, pick_user
from shared.reembedding.portion import Mover
from shared.search.intern_model import intern_model
from shared.telemetry import log

WITHIN_SECONDS = 30.0
"""Nothing new is begun later: with the clearing before, and a call that takes all its time, a run fits its function."""


def reembed_users(
    db: Database, embedders: Embedders, *, tokens_a_day: int, now: Callable[[], float] = time.monotonic
) -> int:
    """How many users were moved. `db` connects as the system role.

    Whoever is under way is moved first. A provider that fails, or tokens that are used up, end it until the next run. A
    user who was deleted meanwhile, or something of whom is held by others, is left, and the log tells of whom.
    """
    until = now() + WITHIN_SECONDS
    mover = _mover(db, embedders, tokens_a_day, goes_on=lambda: now() < until) if tokens_a_day else None
    if mover is None:
        return 0
    moved, seen = 0, list[UserId]()
    try:
        while mover.goes_on() and (user_id := _next(db, embedders, seen)) is not None:
            seen.append(user_id)
            moved += _move_or_leave(db, mover, user_id)
    except DaySpent as spent:
        log.info("no tokens left to move users", extra={"tokens_a_day": tokens_a_day, "detail": spent.detail})
    except VendorDown as down:
        log.warning("users not moved just now", extra={"code": down.exact_code, "detail": down.detail})
    return moved


def _move_or_leave(db: Database, mover: Mover, user_id: UserId) -> bool:
    """Whether the user is moved. What is in the way of one must not keep the others back."""
    try:
        return move_user(db, mover, user_id)
    except (Busy, NotFound) as error:
        log.warning("user left for the next run", extra={"user_id": str(user_id), "code": error.exact_code})
        return False


def _mover(db: Database, embedders: Embedders, tokens_a_day: int, *, goes_on: Callable[[], bool]) -> Mover | None:
    """None while there was never another model, which is how it is nearly always."""
    current = embedders.current
    with db.transaction(None) as tx:
        if not models_elsewhere(tx, embedders):
            return None
        model_id = intern_model(tx, provider=current.provider, model=current.model)
    return Mover(embedder=current, model_id=model_id, tokens_a_day=tokens_a_day, goes_on=goes_on)


def _next(db: Database, embedders: Embedders, seen: list[UserId]) -> UserId | None:
    with db.transaction(None) as tx:
        return pick_user(tx, embedders, besides=seen)
