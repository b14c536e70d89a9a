"""Adds a step to a job, or sets the same step going again."""

from shared import telemetry
from shared.db.connection import Transaction
from shared.ids import BlockId, JobId, MediaId, SessionId, StepId, UserId, new_id
from shared.jobs import step_repository
from shared.jobs.announce_step import announce_step
from shared.jobs.model import StepKind, StepState
from shared.outbox.model import Announcement


def add_step(
    tx: Transaction,
    user_id: UserId,
    *,
    job_id: JobId,
    session_id: SessionId,
    kind: StepKind,
    media_id: MediaId | None = None,
    block_id: BlockId | None = None,
    part_index: int | None = None,
    waits_for: str | None = None,
) -> list[Announcement]:
    """A ready step, announced; or a waiting one, when `waits_for` says what for (the app shows it)."""
    step = step_repository.upsert_step(
        tx,
        {
            "user_id": user_id,
            "id": StepId(new_id()),
            "job_id": job_id,
            "session_id": session_id,
            "kind": kind,
            "media_id": media_id,
            "block_id": block_id,
            "part_index": part_index,
            "state": StepState.READY if waits_for is None else StepState.WAITING,
            "reason": waits_for,
            "correlation_id": telemetry.correlation_id() or None,
        },
    )
    return [announce_step(tx, step)] if step.state is StepState.READY else []
