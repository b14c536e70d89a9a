"""Jobs and steps as values, and what may become of them."""

from datetime import datetime, timedelta
from enum import StrEnum

from shared.ids import BlockId, JobId, MediaId, SessionId, StepId, UserId
from shared.values import frozen

MAX_ATTEMPTS = 5
"""A step fails for good after this many tries; the same as the queues' maxReceiveCount."""

LEASE = timedelta(seconds=20)
"""How long a claim holds without a heartbeat: what a killed worker held is free again after that."""

HEARTBEAT = timedelta(seconds=5)
"""How often a worker that waits for a provider renews its lease: it may miss three in a row."""

PUT_OFF_AT_MOST = timedelta(hours=24)
"""How long a step may be put off in all, without anybody being asked, before it fails and the credit comes back."""


class StepKind(StrEnum):
    """What a step does."""

    TRANSCRIBE = "transcribe"
    SPLIT_AUDIO = "split_audio"
    TRANSCRIBE_PART = "transcribe_part"
    DESCRIBE_IMAGE = "describe_image"
    EMBED = "embed"
    SUMMARISE = "summarise"

    @property
    def queue(self) -> str:
        """The queue whose worker does it."""
        return self.value.replace("_", "-")


SHARING = frozenset({StepKind.SPLIT_AUDIO, StepKind.TRANSCRIBE_PART})
"""Steps that do a share of the work of a long recording's `transcribe` step, which waits for them."""

READING = frozenset({StepKind.TRANSCRIBE, StepKind.DESCRIBE_IMAGE, *SHARING})
"""Steps that turn one media file into text, or have a share in it; the others wait for all of them."""

FOR_UPLOAD, FOR_PARTS, FOR_TEXT = "upload", "parts", "text"
"""What a waiting step waits for, as the app shows it."""


class StepState(StrEnum):
    """Where a step stands: waiting -> ready -> running -> completed | skipped | failed (running -> ready on retry)."""

    WAITING = "waiting"
    READY = "ready"
    RUNNING = "running"
    COMPLETED = "completed"
    SKIPPED = "skipped"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        """No worker will touch it again."""
        return self in {StepState.COMPLETED, StepState.SKIPPED, StepState.FAILED}


class JobStatus(StrEnum):
    """Where a job stands."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        """The session was given its result, or the credit came back."""
        return self in {JobStatus.COMPLETED, JobStatus.FAILED}


@frozen
class Job:
    """One paid processing of a session."""

    id: JobId
    user_id: UserId
    session_id: SessionId
    status: JobStatus
    credits_used: int


@frozen
class NewStep:
    """A step to be: ready, or waiting, when `waits_for` says what for (the app shows it)."""

    kind: StepKind
    media_id: MediaId | None = None
    block_id: BlockId | None = None
    part_index: int | None = None
    waits_for: str | None = None


@frozen
class Step:
    """One unit of work. `lease_token` is the fencing token: a write with an older one is refused.

    A step that was put off is nobody's before `due_at`; `put_off_since` is when that first happened since it became
    ready. Times are the database's.
    `correlation_id` names the request that set it going; None for steps made before that was kept.
    """

    id: StepId
    user_id: UserId
    job_id: JobId
    session_id: SessionId
    kind: StepKind
    media_id: MediaId | None
    block_id: BlockId | None
    part_index: int | None
    state: StepState
    attempts: int
    lease_token: int
    reason: str | None
    provider: str | None
    model: str | None
    provider_ms: int | None
    due_at: datetime | None
    correlation_id: str | None = None
    created_at: datetime
    changed_at: datetime
    put_off_since: datetime | None = None

    @property
    def is_last_attempt(self) -> bool:
        """If this try fails, the step has failed."""
        return self.attempts >= MAX_ATTEMPTS

    @property
    def may_be_put_off(self) -> bool:
        """It was claimed soon enough after it was first put off for the user to be kept waiting still.

        Its creation says nothing of that: it may have waited a day for an upload, or an edit set it going again.
        """
        return self.put_off_since is None or self.changed_at - self.put_off_since < PUT_OFF_AT_MOST


@frozen
class Leaving:
    """How a claimed step is left.

    `due_in` puts it off; `counts` is False when nobody was asked: the attempt is given back. `provider`, `model` and
    `provider_ms` are those of the try that counted.
    """

    state: StepState
    reason: str | None = None
    due_in: timedelta | None = None
    counts: bool = True
    provider: str | None = None
    model: str | None = None
    provider_ms: int | None = None


@frozen
class StepCount:
    """How many steps of a kind are in a state, and for how many seconds the oldest; None in a final state."""

    kind: StepKind
    state: StepState
    count: int
    oldest_seconds: float | None


@frozen
class StuckStep:
    """A step that the sweep does not get moving: where to look, and by which id to find it in the log."""

    id: StepId
    user_id: UserId
    session_id: SessionId
    kind: StepKind
    state: StepState
    reason: str | None
    attempts: int
    age_seconds: float
    correlation_id: str | None
