"""Jobs as an administrator sees them."""

from dataclasses import field
from datetime import datetime

from shared.ids import JobId, SessionId, StepId, UserId
from shared.jobs.model import JobStatus, StepKind, StepState
from shared.values import frozen


@frozen
class StepFacts:
    """A step of a job: where it stands, since when, and why."""

    id: StepId
    job_id: JobId
    kind: StepKind
    state: StepState
    reason: str | None
    attempts: int
    provider: str | None
    model: str | None
    changed_at: datetime
    correlation_id: str | None


@frozen
class JobFacts:
    """A job, and its age until it ended, or now."""

    id: JobId
    user_id: UserId
    session_id: SessionId
    job_type: str
    status: JobStatus
    reason: str | None
    credits_used: int
    age_seconds: float
    created_at: datetime
    completed_at: datetime | None
    steps: tuple[StepFacts, ...] = field(default_factory=tuple[StepFacts, ...])


@frozen
class JobFilter:
    """Which jobs a list shows; None does not narrow. `older_than_seconds`: created at least so long ago."""

    user_id: UserId | None = None
    status: JobStatus | None = None
    job_type: str | None = None
    older_than_seconds: int | None = None
