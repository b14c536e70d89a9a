"""Sessions that waited long enough for an upload go on with what they have."""

from itertools import takewhile
from time import monotonic

from shared.db.connection import Database, Transaction
from shared.errors import NotFound, VendorDown
from shared.jobs.end_steps import end_steps
from shared.jobs.model import Step, StepState
from shared.jobs.overdue import steps_waiting_too_long
from shared.jobs.reading import steps_waiting_for_media
from shared.media.find_object import find_object
from shared.media.find_upload import find_upload
from shared.media.model import UPLOAD_DEADLINE, PendingUpload
from shared.media.store import ObjectStore
from shared.outbox.model import Announcement
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.sessions.advance_session import advance_session
from shared.sessions.lock_session import lock_session
from shared.sessions.model import NEVER_ARRIVED
from shared.sessions.receive_upload import receive_upload

LOOKS_FOR_SECONDS = 8


def stop_waiting(system_db: Database, store: ObjectStore, queue: Queue) -> int:
    """How many steps were decided. Raises VendorDown when the bucket did not answer for some; the next sweep goes on.

    One file the bucket never answers for must not keep all sessions that began to wait after its own.
    """
    with system_db.transaction(None) as tx:
        steps = steps_waiting_too_long(tx, UPLOAD_DEADLINE)
    until = monotonic() + LOOKS_FOR_SECONDS
    in_time = takewhile(lambda _: monotonic() < until, steps)
    decided, failure = 0, None
    for step in in_time:
        try:
            decided += _decide(system_db, store, queue, step)
        except VendorDown as error:
            failure = error
    if failure is not None:
        raise failure
    return decided


def _decide(db: Database, store: ObjectStore, queue: Queue, step: Step) -> bool:
    """One last look into the bucket; the notice may have been lost."""
    try:
        with db.transaction(step.user_id) as tx:
            upload = _upload_of(tx, step)
        facts = find_object(store, upload)
        with db.transaction(step.user_id) as tx:
            announced = (
                _go_on_without(tx, step) if facts is None else receive_upload(tx, step.user_id, upload.media.id, facts)
            )
    except NotFound:
        return False
    publish_announced(db, queue, announced)
    return True


def _go_on_without(tx: Transaction, step: Step) -> list[Announcement]:
    lock_session(tx, step.user_id, step.session_id)
    if not _still_waits(tx, step):  # the file arrived after that look: whoever took note of it let the step begin
        return []
    end_steps(tx, [step], StepState.SKIPPED, reason=NEVER_ARRIVED)
    return advance_session(tx, step.user_id, step.job_id)


def _still_waits(tx: Transaction, step: Step) -> bool:
    waiting = () if step.media_id is None else steps_waiting_for_media(tx, step.user_id, step.media_id)
    return step.id in {other.id for other in waiting}


def _upload_of(tx: Transaction, step: Step) -> PendingUpload:
    """The file a reading step waits for. Raises NotFound."""
    upload = None if step.media_id is None else find_upload(tx, step.user_id, step.media_id)
    if upload is None:
        raise NotFound
    return upload
