"""Gives a new job its steps."""

from collections.abc import Sequence

from shared.db.connection import Transaction
from shared.ids import JobId
from shared.jobs.create_steps import create_steps
from shared.jobs.model import NewStep, StepKind
from shared.media.model import MediaFile, MediaStatus, MediaType
from shared.outbox.model import Announcement
from shared.sessions.advance_session import advance_session
from shared.sessions.model import Session

READER = {MediaType.AUDIO: StepKind.TRANSCRIBE, MediaType.IMAGE: StepKind.DESCRIBE_IMAGE}


def add_steps(tx: Transaction, session: Session, job_id: JobId, media: Sequence[MediaFile]) -> list[Announcement]:
    """A reading step for each usable file, then embed and summarise, which wait for them; what can start, starts."""
    reading = [
        NewStep(
            kind=READER[file.type], media_id=file.id, waits_for="upload" if file.status is MediaStatus.PENDING else None
        )
        for file in media
        if file.status is not MediaStatus.REJECTED
    ]
    making = [NewStep(kind=kind, waits_for="text") for kind in (StepKind.EMBED, StepKind.SUMMARISE)]
    announced = create_steps(tx, session.user_id, job_id, session.id, [*reading, *making])
    # What next_move would say of steps just made: while one is to be read, wait.
    return announced if reading else announced + advance_session(tx, session.user_id, job_id)
