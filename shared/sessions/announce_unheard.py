"""Announces steps again whose message was lost, whose worker died, or whose time has come."""

from itertools import groupby

from shared.db.connection import Database
from shared.ids import UserId
from shared.jobs.announce_steps import announce_steps
from shared.jobs.model import Step
from shared.jobs.overdue import BATCH, steps_unheard
from shared.outbox.model import Announcement
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.outbox.repeat_while_full import repeat_while_full


def announce_unheard(system_db: Database, queue: Queue) -> int:
    """How many were announced: all of them, as far as time allows.

    Doing so once too often does no harm: only one worker can claim a step. Nor do many at once: how many are worked
    on is bounded by the queue's workers, and a provider that was away is asked by one of them first (docs/adr/0022).
    """
    return repeat_while_full(lambda: _announce_batch(system_db, queue), size=BATCH)


def _announce_batch(db: Database, queue: Queue) -> int:
    """A transaction for each user's, for nobody writes across users, and then as few messages to the queues as may be.

    A crash of the server may undo them (`may_be_lost`): then they are unheard still.
    """
    with db.transaction(None) as tx:
        steps = steps_unheard(tx)
    announced: list[Announcement] = []
    for (user_id, _), of_user in groupby(sorted(steps, key=_whose), key=_whose):
        with db.transaction(user_id, may_be_lost=True) as tx:
            announced += announce_steps(tx, list(of_user))
    publish_announced(db, queue, announced)
    return len(steps)


def _whose(step: Step) -> tuple[UserId, str]:
    return step.user_id, step.correlation_id or ""
