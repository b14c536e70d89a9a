"""The wire shapes of sessions, jobs, usage and deeds as administrators see them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from functions.api.admin.window import window
from shared.ai.usage import DailyUsage, UsageFilter, UserUsage
from shared.audit.model import Action, DeedFilter, KeptDeed
from shared.edge.endpoint import Query
from shared.edge.pages import PageQuery
from shared.edge.shape import shape
from shared.edge.times import Instant
from shared.ids import UserId
from shared.jobs.facts import JobFacts, JobFilter, StepFacts
from shared.jobs.model import JobStatus, StepKind, StepState
from shared.sessions.facts import FactsFilter, SessionFacts
from shared.sessions.model import SessionStatus, SessionType
from shared.values import frozen

_WEEK = timedelta(days=7)
_DECIMALS = 6


def _owner(user_id: UUID | None) -> UserId | None:
    return None if user_id is None else UserId(user_id)


def _cents(amount: Decimal) -> float:
    return round(float(amount), _DECIMALS)


class SessionsQuery(PageQuery):
    """GET /api/admin/sessions."""

    user_id: UUID | None = None
    status: SessionStatus | None = None
    created_from: Instant | None = Field(default=None, alias="from")
    created_to: Instant | None = Field(default=None, alias="to")

    def wanted(self) -> FactsFilter:
        """What is looked for. Raises Invalid for more than a month."""
        since, until = window(self.created_from, self.created_to)
        return FactsFilter(since=since, until=until, user_id=_owner(self.user_id), status=self.status)


@frozen
class SessionFactsOut:
    """A session without title, summary and text."""

    id: UUID
    user_id: UUID
    session_type: SessionType
    status: SessionStatus
    language: str
    failure_reason: str | None
    created_at: datetime
    updated_at: datetime
    finalized_at: datetime | None
    processed_at: datetime | None

    @classmethod
    def of(cls, facts: SessionFacts) -> "SessionFactsOut":
        """The wire shape of a session's facts."""
        return shape(cls, facts)


@frozen
class SessionFactsPageOut:
    """A page of sessions, newest first; `next_cursor` is null on the last."""

    sessions: list[SessionFactsOut]
    next_cursor: str | None


class JobsQuery(PageQuery):
    """GET /api/admin/jobs. `older_than`: seconds since they were created."""

    user_id: UUID | None = None
    status: JobStatus | None = None
    kind: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    older_than: Annotated[int, Field(ge=0, le=100_000_000)] | None = None

    def wanted(self) -> JobFilter:
        """What is looked for."""
        return JobFilter(
            user_id=_owner(self.user_id),
            status=self.status,
            job_type=self.kind,
            older_than_seconds=self.older_than,
        )


@frozen
class JobStepOut:
    """A step of a job. Its `correlation_id` finds it in the log."""

    id: UUID
    kind: StepKind
    state: StepState
    reason: str | None
    attempts: int
    provider: str | None
    model: str | None
    changed_at: datetime
    correlation_id: str | None

    @classmethod
    def of(cls, step: StepFacts) -> "JobStepOut":
        """The wire shape of a step."""
        return shape(cls, step)


@frozen
class JobOut:
    """A job; `age_seconds` until it ended, or now. Of its steps, the first fifty."""

    id: UUID
    user_id: UUID
    session_id: UUID
    kind: str
    status: JobStatus
    reason: str | None
    credits_used: int
    age_seconds: float
    created_at: datetime
    completed_at: datetime | None
    steps: list[JobStepOut]

    @classmethod
    def of(cls, job: JobFacts) -> "JobOut":
        """The wire shape of a job."""
        return shape(cls, job, kind=job.job_type, steps=[JobStepOut.of(step) for step in job.steps])


@frozen
class JobsOut:
    """A page of jobs, newest first; `next_cursor` is null on the last."""

    jobs: list[JobOut]
    next_cursor: str | None


class UsageQuery(Query):
    """GET /api/admin/usage: the last seven days, unless somebody says."""

    user_id: UUID | None = None
    used_from: Instant | None = Field(default=None, alias="from")
    used_to: Instant | None = Field(default=None, alias="to")

    def wanted(self) -> UsageFilter:
        """What is looked for. Raises Invalid for more than a month."""
        since, until = window(self.used_from, self.used_to, otherwise=_WEEK)
        return UsageFilter(since=since, until=until, user_id=_owner(self.user_id))


@frozen
class DailyUsageOut:
    """Calls of one kind on one day (UTC). `unpriced` calls cost something on top of `cost_cents`."""

    day: date
    provider: str
    model: str
    operation: str
    calls: int
    tokens: int
    audio_seconds: float
    cost_cents: float
    unpriced: int


@frozen
class UserUsageOut:
    """All calls for one user."""

    user_id: UUID
    calls: int
    tokens: int
    audio_seconds: float
    cost_cents: float


@frozen
class UsageTotalsOut:
    """What was used between two moments, and by the twenty users for whom it cost most."""

    used_from: datetime
    used_to: datetime
    days: list[DailyUsageOut]
    users: list[UserUsageOut]

    @classmethod
    def of(cls, asked: UsageFilter, found: tuple[Sequence[DailyUsage], Sequence[UserUsage]]) -> "UsageTotalsOut":
        """The wire shape of what was added up."""
        by_day, by_user = found
        return cls(
            used_from=asked.since,
            used_to=asked.until,
            days=[
                shape(DailyUsageOut, day, cost_cents=_cents(day.cost_cents), audio_seconds=day.audio_ms / 1_000)
                for day in by_day
            ],
            users=[
                shape(UserUsageOut, user, cost_cents=_cents(user.cost_cents), audio_seconds=user.audio_ms / 1_000)
                for user in by_user
            ],
        )


class AuditQuery(PageQuery):
    """GET /api/admin/audit."""

    actor_id: UUID | None = None
    user_id: UUID | None = None
    action: Action | None = None

    def wanted(self) -> DeedFilter:
        """What is looked for."""
        return DeedFilter(actor_id=_owner(self.actor_id), subject_user_id=_owner(self.user_id), action=self.action)


@frozen
class DeedOut:
    """Who did what to whom, why and when. An operator who is no user has an `actor_name` instead of an `actor_id`."""

    id: UUID
    actor_id: UUID | None
    actor_name: str | None
    action: Action
    subject: str
    user_id: UUID | None
    reason: str
    details: dict[str, Any]
    correlation_id: str
    created_at: datetime

    @classmethod
    def of(cls, deed: KeptDeed) -> "DeedOut":
        """The wire shape of a deed."""
        return shape(cls, deed, user_id=deed.subject_user_id)


@frozen
class AuditOut:
    """A page of the audit log, newest first; `next_cursor` is null on the last."""

    deeds: list[DeedOut]
    next_cursor: str | None
