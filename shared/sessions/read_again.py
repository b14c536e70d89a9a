"""Reads a file of a processed session once more."""

from shared.db.connection import Transaction
from shared.ids import JobId, MediaId
from shared.jobs.create_steps import create_steps
from shared.jobs.model import NewStep, StepKind
from shared.jobs.start_job import start_job
from shared.outbox.model import Announcement
from shared.sessions.model import Session


def read_again(
    tx: Transaction, session: Session, job_id: JobId, *, kind: StepKind, media_id: MediaId | None
) -> list[Announcement]:
    """A job that costs nothing: the reading step, then embedding and summary, which wait for its text.

    The session stays what it is: processed.
    """
    making = [NewStep(kind=made, waits_for="text") for made in (StepKind.EMBED, StepKind.SUMMARISE)]
    start_job(tx, session.user_id, session.id, job_id, credits_used=0)
    return create_steps(tx, session.user_id, job_id, session.id, [NewStep(kind=kind, media_id=media_id), *making])
