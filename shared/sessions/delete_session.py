"""Deletes a session with its blocks, vectors and, in the background, its objects."""

from collections.abc import Iterator
from typing import Any

from shared.ai.usage_of_session import usage_of_session
from shared.credits.refund import refund
from shared.db.connection import Database, Transaction
from shared.ids import JobId, SessionId, UserId
from shared.jobs.reading import latest_job, steps_of_job
from shared.media.media_of_session import media_of_session
from shared.media.recording_parts import part_keys_of_session
from shared.media.unfinished_of_session import unfinished_of_session
from shared.outbox.announce import announce
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.sessions import repository
from shared.sessions.announce_discard import DISCARD_QUEUE, KEYS_PER_MESSAGE, announce_discard
from shared.sessions.lock_session import lock_session
from shared.sessions.refuse_stale import refuse_stale


def delete_session(
    db: Database, queue: Queue, user_id: UserId, session_id: SessionId, *, base_version: int | None = None
) -> None:
    """Work under way finds its step gone and keeps nothing; as long as no step was tried, the credit comes back.

    Raises NotFound and VersionConflict.
    """
    with db.transaction(user_id) as tx:
        refuse_stale(lock_session(tx, user_id, session_id), base_version)
        keys = [media.object_key for media in media_of_session(tx, user_id, session_id)]
        keys += part_keys_of_session(tx, user_id, session_id)
        unfinished = unfinished_of_session(tx, user_id, session_id)
        unused = _unused_job(tx, user_id, session_id)
        repository.delete(tx, user_id, session_id)
        if unused is not None:  # after the vectors are uncounted: a worker that fails a job locks in that order, too
            refund(tx, user_id, ref=str(unused))
        announced = announce_discard(tx, user_id, keys)
        announced += [announce(tx, user_id, DISCARD_QUEUE, body) for body in _bodies(unfinished)]
    publish_announced(db, queue, announced)


def _bodies(unfinished: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    for start in range(0, len(unfinished), KEYS_PER_MESSAGE):
        uploads = [{"object_key": key, "upload_id": id_} for key, id_ in unfinished[start : start + KEYS_PER_MESSAGE]]
        yield {"object_keys": [], "uploads": uploads}


def _unused_job(tx: Transaction, user_id: UserId, session_id: SessionId) -> JobId | None:
    """The job of which no step was tried; nor can one be, under the session's lock.

    A step that could only be put off, its providers away or its user's day spent, gave its attempt back. So did one
    whose answer did not fit any more, which was paid for.
    """
    job = latest_job(tx, user_id, session_id)
    if job is None or job.status.is_final:
        return None
    steps = steps_of_job(tx, job)
    paid_for = {call.step_id for call in usage_of_session(tx, user_id, session_id)}
    return None if any(step.attempts or step.id in paid_for for step in steps) else job.id
