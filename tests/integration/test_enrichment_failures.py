from datetime import timedelta

import psycopg
import pytest

from shared.ai.capabilities import Usage
from shared.ai.vendor_errors import costing
from shared.db.connection import Database
from shared.errors import ProviderPaused, VendorDown, VendorRefused
from shared.ids import SessionId, UserId
from shared.media.model import MediaStatus, MediaType
from shared.sessions.announce_unheard import announce_unheard
from shared.sessions.edit_block import edit_block
from shared.sessions.model import SessionStatus
from shared.sessions.stop_waiting import stop_waiting
from tests.fixtures.captured import Backend, count_of, ledger_of
from tests.fixtures.enriching import Pipeline
from tests.fixtures.pictures import picture
from tests.fixtures.recordings import recording, silent_film
from tests.fixtures.sweeping import pass_time

PAID = [(3, "trial"), (-1, "session")]
REFUNDED = [*PAID, (1, "refund")]


@pytest.fixture
def pipeline(backend: Backend) -> Pipeline:
    return Pipeline(backend=backend)


def finalized(
    pipeline: Pipeline, *, audio: bytes | None = None, image: bytes | None = None, marker: str | None = None
) -> tuple[UserId, SessionId]:
    user_id = pipeline.backend.user()
    session_id = pipeline.backend.session(user_id)
    if audio is not None:
        pipeline.upload(user_id, session_id, audio, MediaType.AUDIO)
    if image is not None:
        pipeline.upload(user_id, session_id, image, MediaType.IMAGE)
    if marker is not None:
        pipeline.backend.marker(user_id, session_id, marker)
    pipeline.finalize(user_id, session_id)
    return user_id, session_id


def reasons_of_media(pipeline: Pipeline, user_id: UserId, session_id: SessionId) -> list[tuple[str, str | None]]:
    return [(media.status, media.reason) for media in pipeline.backend.read(user_id, session_id).media]


@pytest.mark.parametrize("part", ["transcriber", "describer", "embedder", "summariser"])
def test_a_provider_that_stays_down_fails_the_session_and_the_credit_comes_back(
    pipeline: Pipeline, owner: psycopg.Connection, part: str
) -> None:
    provider = getattr(pipeline, part)
    provider.failure = VendorDown("The provider is down.")
    user_id, session_id = finalized(pipeline, audio=recording(), image=picture(), marker="Milk.")
    pipeline.work_off()
    whole = pipeline.backend.read(user_id, session_id)
    failed = [step for step in whole.steps if step.state == "failed"]
    assert provider.calls == 5
    assert whole.session.status is SessionStatus.FAILED
    assert [(step.reason, step.attempts) for step in failed] == [("provider_unavailable", 5)]
    assert whole.session.failure_reason == f"{failed[0].kind}_failed: provider_unavailable"
    assert ledger_of(owner, user_id) == REFUNDED


def test_a_provider_that_comes_back_in_time_costs_one_credit(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    user_id, session_id = finalized(pipeline, audio=recording())
    queue, message = pipeline.backend.queue.sent.pop(0)
    pipeline.transcriber.failure = VendorDown("Busy.", retry_after_seconds=60)
    for _ in range(4):
        with pytest.raises(VendorDown) as failure:
            pipeline.deliver(queue, message)
        assert failure.value.retry_after_seconds == 60
        step = pipeline.backend.step(user_id, session_id, "transcribe")
        assert (step.state, step.reason) == ("ready", "provider_unavailable")
        pipeline.deliver(queue, message)  # too early: the provider said when, and is not asked before
        assert pipeline.backend.step(user_id, session_id, "transcribe") == step
        pass_time(owner, timedelta(seconds=61))
    pipeline.transcriber.failure = None
    pipeline.deliver(queue, message)
    pipeline.work_off()
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED
    assert ledger_of(owner, user_id) == PAID


def test_a_step_put_off_costs_no_attempt_and_comes_back_when_it_is_due(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id, session_id = finalized(pipeline, marker="Milk.")
    pipeline.summariser.failure = ProviderPaused("Nobody is asked.", retry_after_seconds=600)
    for _ in range(8):  # more often than a step may fail
        pipeline.work_off()
        step = pipeline.backend.step(user_id, session_id, "summarise")
        assert (step.state, step.reason, step.attempts) == ("ready", "provider_paused", 0)
        assert announce_unheard(system_db, pipeline.backend.queue) == 0
        pass_time(owner, timedelta(seconds=601))
        assert announce_unheard(system_db, pipeline.backend.queue) == 1
    pipeline.summariser.failure = None
    pipeline.work_off()
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED
    assert ledger_of(owner, user_id) == PAID


@pytest.mark.parametrize(
    ("failure", "state", "tries"),
    [
        (VendorDown("Away."), "failed", 5),
        (ProviderPaused("Nobody is there.", retry_after_seconds=600), "ready", 1),
        (VendorRefused("No."), "failed", 1),
    ],
    ids=lambda value: value.exact_code if isinstance(value, VendorDown | VendorRefused) else str(value),
)
def test_a_part_of_a_call_that_was_paid_for_is_counted_at_each_try(
    pipeline: Pipeline, owner: psycopg.Connection, failure: VendorDown | VendorRefused, state: str, tries: int
) -> None:
    usage = Usage(provider="fake-embedding", model="space-1", operation="embed", tokens=1_000)
    pipeline.embedder.failure = costing(failure, usage)
    user_id, session_id = finalized(pipeline, marker="Milk.")
    pipeline.work_off()
    step = pipeline.backend.step(user_id, session_id, "embed")
    assert (step.state, step.reason) == (state, failure.exact_code)
    rows = owner.execute("SELECT tokens_used FROM ai_usage WHERE step_id = %s", [step.id]).fetchall()
    assert rows == [(1_000,)] * tries


def test_a_step_is_put_off_for_a_day_at_most(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id, session_id = finalized(pipeline, marker="Milk.")
    pipeline.summariser.failure = ProviderPaused("Nobody is asked.", retry_after_seconds=600)
    pipeline.work_off()
    # Only that moves into the past: the day is counted from there.
    owner.execute("UPDATE job_steps SET put_off_since = put_off_since - interval '24 hours', due_at = now()")
    assert announce_unheard(system_db, pipeline.backend.queue) == 1
    pipeline.work_off()
    session = pipeline.backend.read(user_id, session_id).session
    assert (session.status, session.failure_reason) == (SessionStatus.FAILED, "summarise_failed: provider_paused")
    assert ledger_of(owner, user_id) == REFUNDED


def test_a_step_that_waited_for_a_day_can_be_put_off_all_the_same(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = pipeline.backend.user()
    session_id = pipeline.backend.session(user_id)
    pipeline.backend.marker(user_id, session_id, "Milk.")
    pipeline.backend.media(user_id, session_id)
    pipeline.finalize(user_id, session_id)
    pass_time(owner, timedelta(hours=25))
    assert stop_waiting(system_db, pipeline.backend.store, pipeline.backend.queue) == 1
    pipeline.summariser.failure = ProviderPaused("Nobody is asked.", retry_after_seconds=15)
    pipeline.work_off()
    step = pipeline.backend.step(user_id, session_id, "summarise")
    assert (step.state, step.reason) == ("ready", "provider_paused")
    pipeline.summariser.failure = None
    pass_time(owner, timedelta(seconds=16))
    assert announce_unheard(system_db, pipeline.backend.queue) == 1
    pipeline.work_off()
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED


def test_an_edit_weeks_later_can_be_put_off_and_is_found_in_the_end(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id, session_id = finalized(pipeline, marker="Milk.")
    pipeline.work_off()
    [block] = pipeline.backend.read(user_id, session_id).blocks
    db, queue = pipeline.backend.db, pipeline.backend.queue
    for text in ("Oat milk.", "Oat milk, and bread."):
        edit_block(db, queue, user_id, session_id, block.id, text=text, metadata=None)
        pipeline.embedder.failure = ProviderPaused("Nobody is asked.", retry_after_seconds=15)
        pipeline.work_off()
        pipeline.embedder.failure = None
        pass_time(owner, timedelta(seconds=16))
        assert announce_unheard(system_db, queue) == 1
        pipeline.work_off()
        assert owner.execute("SELECT text FROM chunks").fetchall() == [(text,)]
        pass_time(owner, timedelta(days=14))


def test_an_unusable_answer_is_asked_for_once_more(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    pipeline.summariser.failure = VendorDown("Not JSON.", code="provider_invalid")
    user_id, session_id = finalized(pipeline, marker="Milk.")
    pipeline.work_off()
    assert pipeline.summariser.calls == 2
    session = pipeline.backend.read(user_id, session_id).session
    assert session.failure_reason == "summarise_failed: provider_invalid"
    assert ledger_of(owner, user_id) == REFUNDED


@pytest.mark.parametrize("part", ["embedder", "summariser"])
def test_a_session_its_provider_refuses_fails_at_once(pipeline: Pipeline, owner: psycopg.Connection, part: str) -> None:
    provider = getattr(pipeline, part)
    provider.failure = VendorRefused("No.")
    user_id, session_id = finalized(pipeline, marker="Milk.")
    pipeline.work_off()
    assert provider.calls == 1
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.FAILED
    assert ledger_of(owner, user_id) == REFUNDED


@pytest.mark.parametrize(
    ("audio", "reason"),
    [(b"hello, I am a text", "not_audio"), (silent_film(), "not_audio"), (b"OggS" + bytes(500), "unreadable")],
)
def test_a_false_recording_is_rejected_and_the_session_goes_on(
    pipeline: Pipeline, owner: psycopg.Connection, audio: bytes, reason: str
) -> None:
    user_id, session_id = finalized(pipeline, audio=audio, image=picture())
    pipeline.work_off()
    assert reasons_of_media(pipeline, user_id, session_id) == [("rejected", reason), ("uploaded", None)]
    assert pipeline.transcriber.calls == 0
    step = pipeline.backend.step(user_id, session_id, "transcribe")
    assert (step.state, step.reason) == ("skipped", reason)
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED
    assert ledger_of(owner, user_id) == PAID


def test_a_false_picture_is_rejected_and_the_session_goes_on(pipeline: Pipeline) -> None:
    user_id, session_id = finalized(pipeline, audio=recording(), image=b"%PDF-1.7 not a picture")
    pipeline.work_off()
    assert reasons_of_media(pipeline, user_id, session_id) == [("uploaded", None), ("rejected", "not_a_picture")]
    assert pipeline.describer.calls == 0
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED


def test_a_recording_in_which_nobody_speaks_is_rejected(pipeline: Pipeline) -> None:
    pipeline.transcriber.segments = ()
    user_id, session_id = finalized(pipeline, audio=recording(), marker="Milk.")
    pipeline.work_off()
    assert reasons_of_media(pipeline, user_id, session_id) == [("rejected", "no_speech")]
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED


def test_a_picture_in_which_nothing_is_recognised_is_rejected(pipeline: Pipeline) -> None:
    pipeline.describer.caption, pipeline.describer.text = "", ""
    user_id, session_id = finalized(pipeline, image=picture(), marker="Milk.")
    pipeline.work_off()
    assert reasons_of_media(pipeline, user_id, session_id) == [("rejected", "nothing_seen")]


def test_a_file_its_provider_refuses_is_rejected_and_the_session_goes_on(pipeline: Pipeline) -> None:
    pipeline.transcriber.failure = VendorRefused("Could not decode.")
    user_id, session_id = finalized(pipeline, audio=recording(), marker="Milk.")
    pipeline.work_off()
    assert reasons_of_media(pipeline, user_id, session_id) == [("rejected", "provider_refused")]
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED


def test_only_false_media_fail_the_session_and_the_credit_comes_back(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    user_id, session_id = finalized(pipeline, audio=b"not sound", image=b"not a picture")
    pipeline.work_off()
    session = pipeline.backend.read(user_id, session_id).session
    assert (session.status, session.failure_reason) == (SessionStatus.FAILED, "nothing_usable")
    assert ledger_of(owner, user_id) == REFUNDED
    assert (pipeline.embedder.calls, pipeline.summariser.calls) == (0, 0)
    assert count_of(owner, "chunks", user_id) == 0


def test_bytes_that_were_replaced_after_the_upload_are_not_read(pipeline: Pipeline) -> None:
    user_id, session_id = finalized(pipeline, audio=recording(), marker="Milk.")
    [media] = pipeline.backend.read(user_id, session_id).media
    pipeline.backend.store.put(media.object_key, recording("wav"), "audio/wav")
    pipeline.work_off()
    assert reasons_of_media(pipeline, user_id, session_id) == [(MediaStatus.REJECTED, "missing")]
    assert pipeline.transcriber.calls == 0


def test_a_bucket_that_is_away_is_waited_for(pipeline: Pipeline) -> None:
    user_id, session_id = finalized(pipeline, audio=recording())
    queue, message = pipeline.backend.queue.sent.pop(0)
    pipeline.backend.store.is_down = True
    with pytest.raises(VendorDown):
        pipeline.deliver(queue, message)
    pipeline.backend.store.is_down = False
    pipeline.deliver(queue, message)
    pipeline.work_off()
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED
