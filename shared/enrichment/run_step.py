"""The recipe every step follows: claim, prepare, perform, leave, announce.

No transaction is open while a provider is asked. What comes back is written only by the worker that still holds
the step's fencing token; only what it cost is counted all the same (write_off.py). The session's row is locked first,
as everywhere (shared/sessions/lock_session.py).
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Generic, TypeVar

from shared.ai.capabilities import Usage
from shared.ai.record_usage import record_usage
from shared.ai.release_spend import release_spend
from shared.ai.reserve_spend import reserve_spend
from shared.ai.vendor_errors import usage_of_failure
from shared.db.connection import Database, Transaction
from shared.db.write_patiently import write_patiently
from shared.enrichment.model import MediaRejected, Outcome
from shared.enrichment.write_off import write_off
from shared.errors import Busy, NotFound, Outdated, ProviderPaused, SpendCapReached, VendorDown, VendorRefused
from shared.ids import StepId, UserId
from shared.jobs.claim_step import claim_step
from shared.jobs.keep_lease import keep_lease
from shared.jobs.leave_step import LeaseLost, leave_step
from shared.jobs.model import MAX_ATTEMPTS, Step, StepState
from shared.jobs.reading import find_step
from shared.media.reject_media import reject_media
from shared.outbox.model import Announcement
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.sessions.advance_session import advance_session
from shared.sessions.begin_processing import begin_processing
from shared.sessions.lock_session import lock_session
from shared.telemetry import log
from shared.values import frozen

PreparedT = TypeVar("PreparedT")
ResultT = TypeVar("ResultT")

_INVALID_ATTEMPTS = 2  # an answer of the wrong shape is asked for once more; a third would hardly be better


@frozen
class Work(Generic[PreparedT, ResultT]):
    """What is particular about one kind of step."""

    prepare: Callable[[Transaction, Step], PreparedT | None]
    """Reads what the call needs; None when nothing is left to work on."""

    perform: Callable[[PreparedT], ResultT | Outcome]
    """Asks the provider. Raises VendorDown, VendorRefused and MediaRejected. An Outcome is taken as it is."""

    record: Callable[[Transaction, Step, ResultT], Sequence[Announcement] | None]
    """Writes what was made, and says what it announced."""

    usage: Callable[[ResultT], Usage | None]
    """What the call cost, if there was one."""

    asks_provider: bool = True
    """Whether `perform` may cost anything."""


def run_step(db: Database, queue: Queue, user_id: UserId, step_id: StepId, work: Work[PreparedT, ResultT]) -> None:
    """Do one step, whatever comes of it. A repeat, and a step that is gone, change nothing.

    Raises:
        VendorDown: a later try may help; the step is ready for it.
        Busy: what was made did not fit any more what was there by then; it is to be made again.
    """
    claimed = _claim(db, user_id, step_id, work)
    if claimed is None:
        return
    step, prepared, wait_seconds = claimed
    with keep_lease(db, step):
        outcome = _put_off(step, _too_dear(wait_seconds)) if wait_seconds else _try(step, prepared, work)
    try:
        outcome, announced = _keep(db, step, outcome)
    except (LeaseLost, NotFound) as error:
        log.warning("step taken over or deleted", extra={"step_id": str(step.id), "code": error.exact_code})
        write_patiently(partial(write_off, db, step, outcome.usage))
        return
    log.info("step left", extra={"step_id": str(step.id), "state": outcome.state, "reason": outcome.reason})
    publish_announced(db, queue, announced)
    if outcome.try_again_after is not None:
        raise outcome.try_again_after


def _claim(
    db: Database, user_id: UserId, step_id: StepId, work: Work[PreparedT, ResultT]
) -> tuple[Step, PreparedT | None, int] | None:
    """The step, now ours, what its call needs, and how long there is no money for it; None when it is not ours."""
    try:
        with db.transaction(user_id) as tx:
            step = _take(tx, user_id, step_id)
            if step is None:
                return None
            prepared = work.prepare(tx, step)
            may_cost = work.asks_provider and prepared is not None
            return step, prepared, reserve_spend(tx, user_id, step_id) if may_cost else 0
    except NotFound:
        return None


def _take(tx: Transaction, user_id: UserId, step_id: StepId) -> Step | None:
    known = find_step(tx, user_id, step_id)
    if known is None:
        return None
    lock_session(tx, user_id, known.session_id)
    step = claim_step(tx, user_id, step_id)
    if step is not None:
        begin_processing(tx, user_id, step.session_id)
    return step


def _try(step: Step, prepared: PreparedT | None, work: Work[PreparedT, ResultT]) -> Outcome:
    if step.attempts > MAX_ATTEMPTS:
        # Each earlier try took its worker down with it; a kinder end than a sixth victim.
        return Outcome(state=StepState.FAILED, reason="gave_up")
    if prepared is None:
        return Outcome(state=StepState.SKIPPED, reason="nothing_to_do")
    try:
        result = work.perform(prepared)
    except MediaRejected as rejected:
        return _without_media(step, rejected.exact_code, rejected.usage)
    except VendorRefused as refused:
        return _refused(step, refused)
    except VendorDown as down:
        return _put_off(step, down) if isinstance(down, ProviderPaused) else _unavailable(step, down)
    return result if isinstance(result, Outcome) else _made(step, result, work)


def _made(step: Step, result: ResultT, work: Work[PreparedT, ResultT]) -> Outcome:
    return Outcome(
        state=StepState.COMPLETED,
        usage=work.usage(result),
        write=lambda tx: work.record(tx, step, result),
    )


def _without_media(step: Step, reason: str, usage: Usage | None = None) -> Outcome:
    if step.media_id is None:
        raise RuntimeError(f"a {step.kind} step has no media to reject")
    write = partial(reject_media, user_id=step.user_id, media_id=step.media_id, reason=reason)
    return Outcome(state=StepState.SKIPPED, reason=reason, usage=usage, write=write)


def _refused(step: Step, refused: VendorRefused) -> Outcome:
    """A file the provider will not take is rejected; without vectors, a summary or a part there is no whole result."""
    usage = usage_of_failure(refused)
    if step.media_id is not None and step.part_index is None:
        return _without_media(step, refused.exact_code, usage)
    return Outcome(state=StepState.FAILED, reason=refused.exact_code, usage=usage)


def _too_dear(wait_seconds: int) -> ProviderPaused:
    return ProviderPaused(
        "What providers may cost for this user in a day is spent.",
        code=SpendCapReached.code,
        retry_after_seconds=wait_seconds,
    )


def _put_off(step: Step, paused: ProviderPaused) -> Outcome:
    """Nobody is there to be asked: the message is done with, and the sweep announces the step when it is due."""
    usage = usage_of_failure(paused)  # a part of it may have been made before they went away
    if not step.may_be_put_off:
        return Outcome(state=StepState.FAILED, reason=paused.exact_code, usage=usage)
    due_in = timedelta(seconds=paused.retry_after_seconds or 0)
    return Outcome(state=StepState.READY, reason=paused.exact_code, usage=usage, due_in=due_in, counts=False)


def _unavailable(step: Step, down: VendorDown) -> Outcome:
    usage = usage_of_failure(down)  # an answer of no use was paid for all the same
    is_invalid_again = down.exact_code == "provider_invalid" and step.attempts >= _INVALID_ATTEMPTS
    if step.is_last_attempt or is_invalid_again:
        return Outcome(state=StepState.FAILED, reason=down.exact_code, usage=usage)
    due_in = None if down.retry_after_seconds is None else timedelta(seconds=down.retry_after_seconds)
    return Outcome(state=StepState.READY, reason=down.exact_code, usage=usage, due_in=due_in, try_again_after=down)


def _keep(db: Database, step: Step, outcome: Outcome) -> tuple[Outcome, list[Announcement]]:
    """Write the outcome. What does not fit any more is made again: it was paid for, and is no fault of the step's."""
    try:
        return outcome, write_patiently(partial(_leave, db, step, outcome))
    except Outdated as outdated:
        again = Outcome(
            state=StepState.READY,
            reason=outdated.exact_code,
            usage=outcome.usage,
            counts=False,
            try_again_after=Busy(outdated.detail, is_momentary=True),
        )
        return again, write_patiently(partial(_leave, db, step, again))


def _leave(db: Database, step: Step, outcome: Outcome) -> list[Announcement]:
    usage = outcome.usage
    with db.transaction(step.user_id) as tx:
        lock_session(tx, step.user_id, step.session_id)
        leave_step(tx, step, outcome.leaving())
        announced = outcome.write(tx) or ()
        release_spend(tx, step.user_id, step.id)
        if usage is not None:
            record_usage(tx, step.user_id, usage, session_id=step.session_id, step_id=step.id)
        return [*announced, *advance_session(tx, step.user_id, step.job_id)]
