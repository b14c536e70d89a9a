"""Sends messages right after the transaction that wrote them has committed."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from shared.db.connection import Database
from shared.errors import Busy, SecondBrainError, VendorDown
from shared.ids import UserId
from shared.outbox import repository
from shared.outbox.model import Announcement
from shared.outbox.queue import Queue
from shared.telemetry import log


def publish_announced(db: Database, queue: Queue, announcements: Sequence[Announcement]) -> None:
    """Send and mark as sent. A failure is logged and left to the sweep: the change itself is committed.

    Where they are of several users, `db` connects as the system role.
    """
    if not announcements:
        return
    sent, failure = send_all(queue, announcements)
    try:
        # A mark that is lost has the message sent again, which its worker bears.
        with db.transaction(_confined_to(announcements), may_be_lost=True) as tx:
            repository.mark_published(tx, sent)
    except Busy as error:
        failure = error
    if failure is not None:
        log.warning("outbox left to the sweep", extra={"messages": len(announcements), "error": failure.exact_code})


def _confined_to(announcements: Sequence[Announcement]) -> UserId | None:
    users = {announcement.user_id for announcement in announcements}
    return users.pop() if len(users) == 1 else None


def send_all(queue: Queue, announcements: Sequence[Announcement]) -> tuple[list[Announcement], SecondBrainError | None]:
    """Send each to its queue, in as few calls as there are queues; what was sent, and why the rest was not.

    A queue that is down does not keep the others' messages back.
    """
    sent: list[Announcement] = []
    failure: SecondBrainError | None = None
    by_queue = attrgetter("queue")
    for name, group in groupby(sorted(announcements, key=by_queue), key=by_queue):
        batch = list(group)
        try:
            queue.send(name, [announcement.as_message() for announcement in batch])
            sent += batch
        except VendorDown as error:
            failure = error
    return sent, failure
