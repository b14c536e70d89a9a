"""Has files read that arrived after their session had gone on without them."""

from collections.abc import Sequence

from shared.db.connection import Transaction
from shared.ids import JobId, new_id
from shared.jobs.create_steps import create_steps
from shared.jobs.model import NewStep, StepKind
from shared.jobs.reading import steps_of_session
from shared.jobs.start_job import start_job
from shared.media.media_of_session import media_of_session
from shared.media.model import MediaFile
from shared.outbox.model import Announcement
from shared.sessions import block_repository
from shared.sessions.model import READER, Session, SessionStatus, unread_media, untried_media


def read_late_files(tx: Transaction, session: Session) -> list[Announcement]:
    """A job for them that costs nothing, for the session was paid for with them; `session` must be locked.

    Only of a processed session: one under way asks when it is processed, and any other reads them when it is processed
    later. A file is tried once: the steps of this job, however they end, say that somebody took it up.
    """
    if session.status is not SessionStatus.PROCESSED:
        return []
    media = media_of_session(tx, session.user_id, session.id)
    late = untried_media(media, steps_of_session(tx, session.user_id, session.id)) if media else []
    if late:
        late = unread_media(late, block_repository.of_session(tx, session.user_id, session.id))
    return _launch(tx, session, late) if late else []


def _launch(tx: Transaction, session: Session, late: Sequence[MediaFile]) -> list[Announcement]:
    job_id = JobId(new_id())
    reading = [NewStep(kind=READER[file.type], media_id=file.id) for file in late]
    making = [NewStep(kind=kind, waits_for="text") for kind in (StepKind.EMBED, StepKind.SUMMARISE)]
    start_job(tx, session.user_id, session.id, job_id, credits_used=0)
    return create_steps(tx, session.user_id, job_id, session.id, [*reading, *making])
