"""SQL of jobs as administrators see them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import kwargs_row

from shared.db.connection import Transaction
from shared.jobs.facts import JobFacts, JobFilter, StepFacts
from shared.jobs.model import JobStatus, StepKind, StepState


def jobs(tx: Transaction, wanted: JobFilter, *, before: tuple[datetime, UUID] | None, limit: int) -> Sequence[JobFacts]:
    """Jobs without their steps, newest first, after the given position. System role."""
    with tx.cursor(row_factory=kwargs_row(_job)) as cursor:
        return cursor.execute(
            """
            SELECT id, user_id, session_id, job_type, status, reason, credits_used, created_at, completed_at,
                   extract(epoch FROM coalesce(completed_at, now()) - created_at)::float AS age_seconds
            FROM ai_jobs
            WHERE (%(user_id)s::uuid IS NULL OR user_id = %(user_id)s::uuid)
              AND (%(status)s::text IS NULL OR status = %(status)s::text)
              AND (%(job_type)s::text IS NULL OR job_type = %(job_type)s::text)
              AND (%(older_than)s::integer IS NULL
                   OR created_at <= now() - make_interval(secs => %(older_than)s::integer))
              AND (%(before_at)s::timestamptz IS NULL
                   OR (created_at, id) < (%(before_at)s::timestamptz, %(before_id)s::uuid))
            ORDER BY created_at DESC, id DESC
            LIMIT %(limit)s
            """,
            {
                "user_id": wanted.user_id,
                "status": wanted.status,
                "job_type": wanted.job_type,
                "older_than": wanted.older_than_seconds,
                "before_at": before[0] if before else None,
                "before_id": before[1] if before else None,
                "limit": limit,
            },
        ).fetchall()


def steps_of_jobs(tx: Transaction, jobs_of: Sequence[JobFacts], *, limit_each: int) -> Sequence[StepFacts]:
    """The steps of these jobs in the order they were made, so many of each: a long recording has hundreds."""
    with tx.cursor(row_factory=kwargs_row(_step)) as cursor:
        return cursor.execute(
            """
            SELECT s.id, s.job_id, s.kind, s.state, s.reason, s.attempts, s.provider, s.model, s.changed_at,
                   s.correlation_id
            FROM unnest(%(user_ids)s::uuid[], %(job_ids)s::uuid[]) AS job (user_id, id)
            CROSS JOIN LATERAL (
              SELECT id, job_id, kind, state, reason, attempts, provider, model, changed_at, correlation_id, created_at
              FROM job_steps
              WHERE user_id = job.user_id AND job_id = job.id
              ORDER BY created_at, id
              LIMIT %(limit_each)s
            ) s
            ORDER BY s.job_id, s.created_at, s.id
            """,
            {
                "user_ids": [job.user_id for job in jobs_of],
                "job_ids": [job.id for job in jobs_of],
                "limit_each": limit_each,
            },
        ).fetchall()


def _job(status: str, **columns: Any) -> JobFacts:
    return JobFacts(status=JobStatus(status), **columns)


def _step(kind: str, state: str, **columns: Any) -> StepFacts:
    return StepFacts(kind=StepKind(kind), state=StepState(state), **columns)
