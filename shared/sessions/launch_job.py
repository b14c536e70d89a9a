"""Creates the job of a session that was paid for, with its steps, and starts what can start."""

from collections.abc import Sequence

from shared.credits.model import SESSION_PRICE
from shared.db.connection import Transaction
from shared.ids import JobId
from shared.jobs.create_steps import create_steps
from shared.jobs.model import NewStep, StepKind
from shared.jobs.start_job import start_job
from shared.media.model import MediaFile, MediaStatus
from shared.outbox.model import Announcement
from shared.sessions.advance_session import advance_session
from shared.sessions.model import READER, Session


def launch_job(
    tx: Transaction,
    session: Session,
    job_id: JobId,
    media: Sequence[MediaFile],
    *,
    credits_used: int = SESSION_PRICE,
) -> list[Announcement]:
    """A reading step for each usable file, then embed and summarise, which wait for them; what was announced."""
    reading = [_reading(file) for file in media if file.status is not MediaStatus.REJECTED]
    making = [NewStep(kind=kind, waits_for="text") for kind in (StepKind.EMBED, StepKind.SUMMARISE)]
    with tx.pipeline():  # these answer nothing, so they travel together
        start_job(tx, session.user_id, session.id, job_id, credits_used=credits_used)
        announced = create_steps(tx, session.user_id, job_id, session.id, [*reading, *making])
    # What next_move would say of steps just made: while one is to be read, wait.
    return announced if reading else announced + advance_session(tx, session.user_id, job_id)


def _reading(file: MediaFile) -> NewStep:
    waits_for = "upload" if file.status is MediaStatus.PENDING else None
    return NewStep(kind=READER[file.type], media_id=file.id, waits_for=waits_for)
