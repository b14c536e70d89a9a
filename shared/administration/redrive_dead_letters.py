"""Sends dead letters back to the queue they died in, on record before and after.

Safe to repeat, and to die anywhere: a message is sent before it is deleted, and who gets it twice does nothing twice.
"""

import time
from dataclasses import dataclass

from shared.audit.model import Action, Deed
from shared.audit.record_deed import record_deed
from shared.db.connection import Database
from shared.errors import VendorDown
from shared.idempotency.keep import Keep, keep_nothing
from shared.identity.as_administrator import as_administrator
from shared.ids import UserId
from shared.outbox.dead_letters import DEAD_LETTERS, DeadLetters
from shared.values import frozen

BATCH = 10
HIDDEN_SECONDS = 60
WITHIN_SECONDS = 15.0
"""No batch is begun later; the function has 29 seconds."""


@frozen
class Redrive:
    """Which queue's dead letters, how many at most, and why."""

    queue: str
    limit: int
    reason: str


@frozen
class Redriven:
    """How many went back; `is_empty`: none was left to be seen when it ended."""

    queue: str
    moved: int
    is_empty: bool


def redrive_dead_letters(
    db: Database, actor_id: UserId, letters: DeadLetters, wanted: Redrive, *, keep: Keep[Redriven] = keep_nothing
) -> Redriven:
    """Raises Forbidden, and VendorDown when the queue service failed half-way. `db` connects as the system role."""
    with as_administrator(db, actor_id) as tx:
        record_deed(tx, _deed(actor_id, wanted, Action.REDRIVE, {"limit": wanted.limit}))
    course = _Course()
    try:
        course.move(letters, wanted)
    except VendorDown as failure:
        with as_administrator(db, actor_id) as tx:
            ended: dict[str, object] = {"moved": course.moved, "failure": failure.exact_code}
            record_deed(tx, _deed(actor_id, wanted, Action.REDRIVEN, ended))
        raise
    redriven = Redriven(queue=wanted.queue, moved=course.moved, is_empty=course.is_empty)
    with as_administrator(db, actor_id) as tx:
        record_deed(tx, _deed(actor_id, wanted, Action.REDRIVEN, {"moved": course.moved, "is_empty": course.is_empty}))
        keep(tx, redriven)
    return redriven


@dataclass(kw_only=True)
class _Course:
    """How far it has come."""

    moved: int = 0
    is_empty: bool = False

    def move(self, letters: DeadLetters, wanted: Redrive) -> None:
        """Batch by batch, until none is left, the limit is reached, or time is over."""
        until = time.monotonic() + WITHIN_SECONDS
        while self.moved < wanted.limit and time.monotonic() < until:
            at_most = min(BATCH, wanted.limit - self.moved)
            batch = letters.receive(wanted.queue + DEAD_LETTERS, at_most=at_most, hidden_seconds=HIDDEN_SECONDS)
            if not batch:
                self.is_empty = True
                return
            letters.move(wanted.queue + DEAD_LETTERS, wanted.queue, batch)
            self.moved += len(batch)


def _deed(actor_id: UserId, wanted: Redrive, action: Action, details: dict[str, object]) -> Deed:
    subject = f"queue {wanted.queue}{DEAD_LETTERS}"
    return Deed(actor_id=actor_id, action=action, subject=subject, reason=wanted.reason, details=details)
