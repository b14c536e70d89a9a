"""Gives a new job its steps."""

from collections.abc import Sequence

from shared.db.connection import Transaction
from shared.ids import JobId
from shared.jobs.add_step import add_step
from shared.jobs.model import StepKind
from shared.media.model import MediaFile, MediaStatus, MediaType
from shared.outbox.model import Announcement
from shared.sessions.advance_session import advance_session
from shared.sessions.model import Session

READER = {MediaType.AUDIO: StepKind.TRANSCRIBE, MediaType.IMAGE: StepKind.DESCRIBE_IMAGE}


def add_steps(tx: Transaction, session: Session, job_id: JobId, media: Sequence[MediaFile]) -> list[Announcement]:
    """A reading step for each usable file, then embed and summarise, which wait for them; what can start, starts."""
    announced: list[Announcement] = []
    for file in media:
        if file.status is MediaStatus.REJECTED:
            continue
        waits_for = "upload" if file.status is MediaStatus.PENDING else None
        announced += add_step(
            tx,
            session.user_id,
            job_id=job_id,
            session_id=session.id,
            kind=READER[file.type],
            media_id=file.id,
            waits_for=waits_for,
        )
    for kind in (StepKind.EMBED, StepKind.SUMMARISE):
        add_step(tx, session.user_id, job_id=job_id, session_id=session.id, kind=kind, waits_for="text")
    return announced + advance_session(tx, session.user_id, job_id)
