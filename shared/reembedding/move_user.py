"""Moves one user to the new embedding model: block by block beside what they are searched by, then all at once."""

from shared.db.connection import Database
from shared.errors import VendorRefused
from shared.ids import UserId
from shared.metrics import count
from shared.reembedding import repository
from shared.reembedding.embed_portion import embed_portion
from shared.reembedding.model import GRACE, HELD_UP
from shared.reembedding.portion import Mover
from shared.reembedding.read_portion import read_portion
from shared.search.switch_model import switch_model
from shared.telemetry import log


def move_user(db: Database, mover: Mover, user_id: UserId) -> bool:
    """Whether the user is searched by the new model now. Otherwise another call goes on where this one ended.

    A user with a block that the new model's provider refuses is left alone for a day: nothing of theirs may be lost.

    Raises:
        DaySpent: no tokens are left of this day's.
        VendorDown: the provider fails.
        Busy: something of the user's was held for too long.
        NotFound: the user is gone.
    """
    with db.transaction(user_id) as tx:
        repository.begin(tx, user_id, model_id=mover.model_id)
    try:
        while mover.goes_on():
            embedded = _embed_all(db, mover, user_id)
            if _arrive(db, mover, user_id):
                return True
            if not embedded:
                break  # what is missing waits for a step of its own, which an edit has set going
    except VendorRefused as refused:
        log.error("note refused by the new model", extra={"user_id": str(user_id), "detail": refused.detail})
        with db.transaction(user_id) as tx:
            repository.hold_up(tx, user_id, reason=refused.exact_code, due_in=HELD_UP)
    return False


def _embed_all(db: Database, mover: Mover, user_id: UserId) -> int:
    """How many blocks were embedded, from the first that is missing to the last, or until it is time to end."""
    embedded, after = 0, None
    while mover.goes_on():
        with db.transaction(user_id) as tx:
            portion = read_portion(tx, user_id, model_id=mover.model_id, after=after)
        if portion is None:
            break
        embedded += embed_portion(db, mover, user_id, portion)
        after = portion.last
    return embedded


def _arrive(db: Database, mover: Mover, user_id: UserId) -> bool:
    with db.transaction(user_id) as tx:
        is_moved = switch_model(tx, user_id, model_id=mover.model_id)
        if is_moved:
            repository.arrive(tx, user_id, due_in=GRACE)
            count("users_moved")
    return is_moved
