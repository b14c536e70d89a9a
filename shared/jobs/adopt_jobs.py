"""Gives sessions that come from elsewhere, with their text, the jobs that make them findable; they cost nothing."""

from collections.abc import Sequence
from datetime import timedelta

from shared import telemetry
from shared.db.connection import Transaction
from shared.ids import JobId, MediaId, SessionId, StepId, UserId, new_id
from shared.jobs import adopted_repository
from shared.jobs.model import StepKind
from shared.outbox.announce_all import announce_all
from shared.outbox.model import Announcement
from shared.values import frozen


@frozen
class AdoptedSession:
    """`read` are its files, each with the step that would have read it; `embed_in` None when it has no text."""

    session_id: SessionId
    read: Sequence[tuple[StepKind, MediaId]]
    embed_in: timedelta | None


@frozen
class AdoptedStep:
    """A step of such a job: reading, which is skipped for good, or embedding, which is due in a while."""

    id: StepId
    job_id: JobId
    session_id: SessionId
    kind: StepKind
    media_id: MediaId | None = None
    due_in: timedelta | None = None


def adopt_jobs(tx: Transaction, user_id: UserId, sessions: Sequence[AdoptedSession]) -> list[Announcement]:
    """A job for each, whose reading passes for done; what was announced: what is due at once.

    The rest is announced by the sweep when it is due, so that what one user brings is not in the way of the others.
    """
    jobs = {session.session_id: JobId(new_id()) for session in sessions}
    steps = [step for session in sessions for step in _steps(session, jobs[session.session_id])]
    adopted_repository.insert_jobs(
        tx, user_id, [(jobs[session.session_id], session.session_id, session.embed_in is None) for session in sessions]
    )
    adopted_repository.insert_steps(tx, user_id, steps, telemetry.correlation_id() or None)
    now = [step for step in steps if step.due_in == timedelta(0)]
    return announce_all(tx, user_id, [(step.kind.queue, {"step_id": str(step.id)}) for step in now])


def _steps(session: AdoptedSession, job_id: JobId) -> list[AdoptedStep]:
    reading = [
        AdoptedStep(id=StepId(new_id()), job_id=job_id, session_id=session.session_id, kind=kind, media_id=media_id)
        for kind, media_id in session.read
    ]
    if session.embed_in is None:
        return reading
    embedding = AdoptedStep(
        id=StepId(new_id()),
        job_id=job_id,
        session_id=session.session_id,
        kind=StepKind.EMBED,
        due_in=session.embed_in,
    )
    return [*reading, embedding]
