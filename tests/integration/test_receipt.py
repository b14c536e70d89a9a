"""A receipt names every call that was made for a session, what each cost, and the credits that were taken and given."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from shared.ai.capabilities import Usage
from shared.ai.record_usage import record_usage
from shared.ai.usage_of_session import usage_of_session
from shared.ai.vendor_errors import InvalidReply
from shared.credits.model import Credits, Reason
from shared.credits.refund import refund
from shared.credits.take_back import take_back
from shared.enrichment.read_receipt import read_receipt
from shared.enrichment.receipt import CreditMove, Receipt
from shared.errors import NotFound, VendorDown
from shared.ids import JobId, SessionId, UserId
from shared.jobs.reading import jobs_of_session
from shared.media.model import MediaType
from shared.outbox.message import Message
from shared.sessions.delete_session import delete_session
from tests.fixtures.captured import Backend
from tests.fixtures.enriching import Pipeline
from tests.fixtures.recordings import recording

_PEAK = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)  # Monday, 10 in the morning in Beijing
_QUIET = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)

_HEARD = Usage(
    provider="groq",
    model="whisper-large-v3-turbo",
    operation="transcribe",
    audio_ms=90_500,
    at=_QUIET,
)
_WRITTEN = Usage(
    provider="deepseek",
    model="deepseek-flash",
    operation="summarise",
    tokens=1_140,
    input_tokens=1_100,
    cached_input_tokens=100,
    output_tokens=40,
    at=_PEAK,
)
_NEW_MODEL = Usage(provider="openai", model="gpt-9", operation="embed", tokens=5, input_tokens=5, at=_QUIET)


@pytest.fixture
def pipeline(backend: Backend) -> Pipeline:
    return Pipeline(backend=backend)


def finalized(pipeline: Pipeline) -> tuple[UserId, SessionId]:
    """A paid session with a voice note, none of whose steps is done."""
    user_id = pipeline.backend.user()
    session_id = pipeline.backend.session(user_id)
    pipeline.upload(user_id, session_id, recording("ogg"), MediaType.AUDIO)
    pipeline.finalize(user_id, session_id)
    return user_id, session_id


def job_of(pipeline: Pipeline, user_id: UserId, session_id: SessionId) -> JobId:
    with pipeline.backend.db.transaction(user_id) as tx:
        [job] = jobs_of_session(tx, user_id, session_id)
    return job.id


def used(pipeline: Pipeline, user_id: UserId, session_id: SessionId, *usages: Usage) -> None:
    """Have the transcribing step of the session make these calls."""
    step = pipeline.backend.step(user_id, session_id, "transcribe")
    with pipeline.backend.db.transaction(user_id) as tx:
        for usage in usages:
            record_usage(tx, user_id, usage, session_id=session_id, step_id=step.id)


def receipt_of(pipeline: Pipeline, user_id: UserId, session_id: SessionId) -> Receipt:
    return read_receipt(pipeline.backend.db, user_id, session_id)


def test_each_call_has_a_line_with_what_it_used_and_what_it_cost(pipeline: Pipeline) -> None:
    user_id, session_id = finalized(pipeline)
    used(pipeline, user_id, session_id, _HEARD, _WRITTEN)
    written, heard = receipt_of(pipeline, user_id, session_id).steps  # by the time of the call
    assert (heard.kind, heard.state, heard.provider, heard.model) == (
        "transcribe",
        "ready",
        "groq",
        "whisper-large-v3-turbo",
    )
    assert (heard.operation, heard.audio_seconds, heard.input_tokens, heard.at) == ("transcribe", 90.5, 0, _QUIET)
    assert heard.cost_cents == Decimal("0.100556")
    assert (written.input_tokens, written.cached_input_tokens, written.output_tokens) == (1_100, 100, 40)
    assert written.cost_cents == Decimal("0.034860")


def test_the_total_is_exact_and_leaves_out_what_has_no_known_price(pipeline: Pipeline) -> None:
    user_id, session_id = finalized(pipeline)
    used(pipeline, user_id, session_id, _HEARD, _WRITTEN, _NEW_MODEL)
    receipt = receipt_of(pipeline, user_id, session_id)
    assert [step.cost_cents for step in receipt.steps] == [Decimal("0.034860"), Decimal("0.100556"), None]
    assert (receipt.cost_cents, receipt.unpriced) == (Decimal("0.135416"), 1)


def test_what_is_done_on_this_machine_costs_nothing_and_is_priced(pipeline: Pipeline) -> None:
    user_id, session_id = finalized(pipeline)
    used(pipeline, user_id, session_id, replace(_HEARD, provider="local"))
    receipt = receipt_of(pipeline, user_id, session_id)
    assert (receipt.cost_cents, receipt.unpriced) == (0, 0)


def test_a_processed_session_shows_all_its_steps_and_one_credit(pipeline: Pipeline) -> None:
    user_id, session_id = finalized(pipeline)
    pipeline.work_off()
    receipt = receipt_of(pipeline, user_id, session_id)
    lines = {(step.kind, step.operation, step.state, step.provider) for step in receipt.steps}
    assert lines == {
        ("transcribe", "transcribe", "completed", "fake-speech"),
        ("embed", "embed", "completed", "fake-embedding"),
        ("summarise", "summarise", "completed", "fake-chat"),
    }
    summarised = next(step for step in receipt.steps if step.kind == "summarise")
    assert (summarised.input_tokens, summarised.cached_input_tokens, summarised.output_tokens) == (900, 300, 100)
    [debit] = receipt.debits
    assert debit == CreditMove(job_id=job_of(pipeline, user_id, session_id), credits=1, at=debit.at)
    assert (receipt.refunds, receipt.credits_charged, receipt.unpriced) == ([], 1, 3)


def test_a_failed_session_shows_its_refund_and_costs_the_user_nothing(pipeline: Pipeline) -> None:
    pipeline.summariser.failure = VendorDown("Away.")
    user_id, session_id = finalized(pipeline)
    pipeline.work_off()
    receipt = receipt_of(pipeline, user_id, session_id)
    [debit], [back] = receipt.debits, receipt.refunds
    assert (debit.job_id, debit.credits) == (back.job_id, back.credits)
    assert receipt.credits_charged == 0
    assert {step.kind for step in receipt.steps} == {"transcribe", "embed"}


def test_a_refund_that_paid_a_debt_is_a_refund_as_well(pipeline: Pipeline) -> None:
    user_id, session_id = finalized(pipeline)
    job_id = job_of(pipeline, user_id, session_id)
    with pipeline.backend.db.transaction(user_id) as tx:
        assert take_back(tx, user_id, Credits(7), reason=Reason.PURCHASE_REFUNDED, ref="an older purchase")
        assert refund(tx, user_id, ref=str(job_id))
    receipt = receipt_of(pipeline, user_id, session_id)
    assert ([move.credits for move in receipt.refunds], receipt.credits_charged) == ([1], 0)


def test_a_recording_in_which_nobody_speaks_was_paid_for_as_well(pipeline: Pipeline) -> None:
    pipeline.transcriber.segments = ()
    user_id, session_id = finalized(pipeline)
    pipeline.work_off()
    [line] = receipt_of(pipeline, user_id, session_id).steps
    assert (line.kind, line.state, line.provider) == ("transcribe", "skipped", "fake-speech")


def test_answers_of_no_use_were_paid_for_each_time(pipeline: Pipeline) -> None:
    pipeline.summariser.failure = InvalidReply("Not JSON.", usage=_WRITTEN)
    user_id, session_id = finalized(pipeline)
    pipeline.work_off()
    receipt = receipt_of(pipeline, user_id, session_id)
    written = [step for step in receipt.steps if step.kind == "summarise"]
    assert [(step.state, step.cost_cents) for step in written] == [("failed", Decimal("0.034860"))] * 2
    assert receipt.credits_charged == 0


def test_a_session_that_was_never_processed_has_an_empty_receipt(pipeline: Pipeline) -> None:
    user_id = pipeline.backend.user()
    receipt = receipt_of(pipeline, user_id, pipeline.backend.session(user_id))
    assert (receipt.steps, receipt.debits, receipt.refunds) == ([], [], [])
    assert (receipt.cost_cents, receipt.unpriced, receipt.credits_charged) == (0, 0, 0)


def test_nothing_of_another_session_or_another_user_is_on_it(pipeline: Pipeline) -> None:
    user_id, session_id = finalized(pipeline)
    used(pipeline, user_id, session_id, _HEARD)
    sibling = pipeline.backend.session(user_id)
    stranger = pipeline.backend.user("bob")
    assert receipt_of(pipeline, user_id, sibling).steps == []
    with pytest.raises(NotFound):
        receipt_of(pipeline, stranger, session_id)
    with pytest.raises(NotFound):
        receipt_of(pipeline, user_id, SessionId(UUID(int=7)))


def test_a_session_made_anew_under_a_deleted_ones_id_has_a_receipt_of_its_own(pipeline: Pipeline) -> None:
    user_id, session_id = finalized(pipeline)
    used(pipeline, user_id, session_id, _HEARD)
    delete_session(pipeline.backend.db, pipeline.backend.queue, user_id, session_id)
    with pytest.raises(NotFound):
        receipt_of(pipeline, user_id, session_id)
    pipeline.backend.session(user_id, session_id)
    receipt = receipt_of(pipeline, user_id, session_id)
    assert (receipt.steps, receipt.debits) == ([], [])


def test_what_was_used_outlives_the_deleted_session(pipeline: Pipeline) -> None:
    user_id, session_id = finalized(pipeline)
    used(pipeline, user_id, session_id, _HEARD)
    delete_session(pipeline.backend.db, pipeline.backend.queue, user_id, session_id)
    with pipeline.backend.db.transaction(user_id) as tx:
        assert [call.model for call in usage_of_session(tx, user_id, session_id)] == ["whisper-large-v3-turbo"]


def test_numbers_larger_than_a_column_are_kept_as_the_largest_it_takes(pipeline: Pipeline) -> None:
    user_id, session_id = finalized(pipeline)
    used(pipeline, user_id, session_id, replace(_WRITTEN, tokens=2**40, input_tokens=2**40, output_tokens=2**40))
    [line] = receipt_of(pipeline, user_id, session_id).steps
    assert (line.input_tokens, line.output_tokens) == (2**31 - 1, 2**31 - 1)


def test_a_message_that_comes_twice_is_on_the_receipt_once(pipeline: Pipeline) -> None:
    user_id, session_id = finalized(pipeline)
    queue, message = pipeline.backend.queue.sent[0]
    pipeline.deliver(queue, message)
    pipeline.deliver(queue, Message(**(vars(message))))
    assert len(receipt_of(pipeline, user_id, session_id).steps) == 1
