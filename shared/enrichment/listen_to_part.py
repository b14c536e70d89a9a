"""Has a part of a long recording listened to."""

from shared.db.connection import Transaction
from shared.jobs.add_step import add_step
from shared.jobs.model import Step, StepKind
from shared.media.recording_part import RecordingPart
from shared.outbox.model import Announcement


def listen_to_part(tx: Transaction, step: Step, part: RecordingPart) -> list[Announcement]:
    """A ready step for the part, in the same job as `step`."""
    return add_step(
        tx,
        step.user_id,
        job_id=step.job_id,
        session_id=step.session_id,
        kind=StepKind.TRANSCRIBE_PART,
        media_id=part.media_id,
        part_index=part.index,
    )
