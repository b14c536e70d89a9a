"""Takes note of an object that arrived, once."""

from shared.db.connection import Transaction
from shared.errors import NotFound
from shared.ids import BlockId, MediaId, UserId, new_id
from shared.jobs.end_steps import end_steps
from shared.jobs.model import StepState
from shared.jobs.reading import steps_waiting_for_media
from shared.jobs.ready_step import ready_step
from shared.media.find_media import find_media
from shared.media.model import MediaFile, MediaStatus, ObjectFacts
from shared.media.settle_upload import settle_upload
from shared.outbox.model import Announcement
from shared.sessions import block_repository
from shared.sessions.advance_session import advance_session
from shared.sessions.lock_session import lock_session
from shared.sessions.model import BLOCK_OF_MEDIA, Session
from shared.sessions.read_late_files import read_late_files


def receive_upload(tx: Transaction, user_id: UserId, media_id: MediaId, facts: ObjectFacts) -> list[Announcement]:
    """Settle the upload, give it a block if none names it, and let what waited for it go on.

    A repeat changes nothing. Raises NotFound when the file's row is gone.
    """
    media = find_media(tx, user_id, media_id)
    if media is None:
        raise NotFound
    session = lock_session(tx, user_id, media.session_id)
    status = settle_upload(tx, media, facts)
    if status is MediaStatus.UPLOADED:
        return _go_on(tx, session, media)
    if status is MediaStatus.REJECTED:
        return _go_on_without(tx, media)
    return []


def _go_on(tx: Transaction, session: Session, media: MediaFile) -> list[Announcement]:
    block_repository.insert_for_upload(
        tx, media.user_id, media.session_id, BlockId(new_id()), BLOCK_OF_MEDIA[media.type], media.id
    )
    waiting = steps_waiting_for_media(tx, media.user_id, media.id)
    if not waiting:
        return read_late_files(tx, session)
    return [announcement for step in waiting for announcement in ready_step(tx, step)]


def _go_on_without(tx: Transaction, media: MediaFile) -> list[Announcement]:
    waiting = steps_waiting_for_media(tx, media.user_id, media.id)
    end_steps(tx, waiting, StepState.SKIPPED, reason="media_rejected")
    jobs = {step.job_id for step in waiting}
    return [announcement for job_id in jobs for announcement in advance_session(tx, media.user_id, job_id)]
