"""Says what a session cost."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from shared.ai.model import UsedCall
from shared.ai.usage_of_session import usage_of_session
from shared.credits.entries_for import entries_for
from shared.credits.model import Entry, Reason
from shared.db.connection import Database
from shared.enrichment.receipt import CreditMove, Receipt, ReceiptStep
from shared.errors import NotFound
from shared.ids import JobId, SessionId, StepId, UserId
from shared.jobs.model import Step
from shared.jobs.reading import jobs_of_session, steps_of_session
from shared.sessions.find_session import find_session


def read_receipt(db: Database, user_id: UserId, session_id: SessionId) -> Receipt:
    """Its calls to providers, and what was debited and refunded for its jobs. Raises NotFound."""
    with db.transaction(user_id) as tx:
        if find_session(tx, user_id, session_id) is None:
            raise NotFound
        calls = usage_of_session(tx, user_id, session_id)  # before the steps, so that each has its own
        steps = {step.id: step for step in steps_of_session(tx, user_id, session_id)}
        jobs = jobs_of_session(tx, user_id, session_id)
        entries = entries_for(tx, user_id, [str(job.id) for job in jobs])
    return Receipt(
        session_id=session_id,
        steps=list(_steps(calls, steps)),
        debits=list(_moves(entries, Reason.SESSION)),
        refunds=list(_moves(entries, Reason.REFUND)),
    )


def _steps(calls: Sequence[UsedCall], steps: Mapping[StepId, Step]) -> Iterator[ReceiptStep]:
    """Each call with its step. Calls without one were made for a deleted session that had the same id."""
    for call in calls:
        if call.step_id is not None and call.step_id in steps:
            yield _receipt_step(call, steps[call.step_id])


def _receipt_step(call: UsedCall, step: Step) -> ReceiptStep:
    return ReceiptStep(
        kind=step.kind,
        state=step.state,
        provider=call.provider,
        model=call.model,
        operation=call.operation,
        input_tokens=call.input_tokens,
        cached_input_tokens=call.cached_input_tokens,
        output_tokens=call.output_tokens,
        audio_seconds=call.audio_ms / 1_000,
        cost_cents=call.cost_cents,
        at=call.at,
    )


def _moves(entries: Sequence[Entry], reason: Reason) -> Iterator[CreditMove]:
    return (
        CreditMove(job_id=JobId(UUID(entry.ref)), credits=abs(entry.amount), at=entry.created_at)
        for entry in entries
        if entry.reason == reason
    )
