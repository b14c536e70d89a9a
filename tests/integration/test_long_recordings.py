import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import cast

import psycopg
import pytest

from shared.ai.capabilities import Endpoint
from shared.ai.groq_transcriber import GroqTranscriber
from shared.enrichment import transcribe_media
from shared.enrichment.part_plan import MOST_MS
from shared.errors import NotFound, VendorDown
from shared.ids import SessionId, UserId
from shared.media.model import MediaType
from shared.media.recording_part import RecordingPart
from shared.media.recording_parts import parts_of_recording
from shared.sessions.delete_session import delete_session
from shared.sessions.model import Block, SessionStatus
from shared.sessions.process_session import process_session
from tests.fakes.providers import FakeTranscriber
from tests.fakes.whisper_like import WhisperLike
from tests.fixtures.captured import Backend, ledger_of
from tests.fixtures.enriching import Pipeline
from tests.fixtures.recordings import recording
from tests.fixtures.spoken import WORD_MS, Script, improvise, record

PAID = [(3, "trial"), (-1, "session")]
REFUNDED = [*PAID, (1, "refund")]


@cache
def forty_minutes() -> tuple[Script, bytes]:
    """With 100 and 30 seconds of silence, and ten minutes in which nobody draws breath."""
    script = improvise(minutes=40, seed=3, silences=[range(600, 700), range(2100, 2130)], hums=[range(900, 1500)])
    return script, record(script)


@cache
def two_parts() -> tuple[Script, bytes]:
    """Thirteen minutes, two of them silent."""
    script = improvise(minutes=13, seed=5, silences=[range(480, 600)])
    return script, record(script, "flac")


@pytest.fixture
def whisper() -> Iterator[WhisperLike]:
    with WhisperLike(jitter_ms=100) as server:
        yield server


@pytest.fixture
def pipeline(backend: Backend, whisper: WhisperLike) -> Pipeline:
    endpoint = Endpoint(provider="groq", base_url=whisper.url, model="whisper-large-v3-turbo", api_key="gsk-invented")
    return Pipeline(backend=backend, transcriber=cast(FakeTranscriber, GroqTranscriber(endpoint)))


def finalized(pipeline: Pipeline, audio: bytes) -> tuple[UserId, SessionId]:
    user_id = pipeline.backend.user()
    session_id = pipeline.backend.session(user_id)
    pipeline.upload(user_id, session_id, audio, MediaType.AUDIO)
    pipeline.finalize(user_id, session_id)
    return user_id, session_id


def deliver_up_to(pipeline: Pipeline, queue: str) -> None:
    """Work messages off until the next one is for that queue."""
    while pipeline.backend.queue.sent[0][0] != queue:
        pipeline.deliver(*pipeline.backend.queue.sent.pop(0))


def words_of(block: Block) -> list[str]:
    return re.findall(r"\w+", (block.text_content or "").lower())


def heard(pipeline: Pipeline, user_id: UserId, session_id: SessionId) -> list[str]:
    [block] = pipeline.backend.read(user_id, session_id).blocks
    return words_of(block)


def parts_of(pipeline: Pipeline, user_id: UserId, session_id: SessionId) -> list[RecordingPart]:
    [media] = pipeline.backend.read(user_id, session_id).media
    with pipeline.backend.db.transaction(user_id) as tx:
        return parts_of_recording(tx, user_id, media.id)


def part_objects(pipeline: Pipeline) -> list[str]:
    return [key for key in pipeline.backend.store.objects if key.startswith("parts/")]


def assert_times(block: Block, script: Script) -> None:
    """Each segment begins with its first word and ends with its last one, and none begins before the one before it."""
    said = iter(script.words)
    reached_ms = 0
    for segment in block.segments:
        words = [next(said) for _ in re.findall(r"\w+", segment.text)]
        assert segment.start_ms == pytest.approx(words[0].start_ms, abs=150)
        assert segment.end_ms == pytest.approx(words[-1].start_ms + WORD_MS, abs=200)
        assert reached_ms <= segment.start_ms <= segment.end_ms
        reached_ms = segment.start_ms


def test_forty_minutes_are_heard_word_for_word_at_their_times_and_without_their_silence(
    pipeline: Pipeline, owner: psycopg.Connection, whisper: WhisperLike
) -> None:
    script, audio = forty_minutes()
    user_id, session_id = finalized(pipeline, audio)
    pipeline.work_off()
    whole = pipeline.backend.read(user_id, session_id)
    [block], [media] = whole.blocks, whole.media
    assert whole.session.status is SessionStatus.PROCESSED
    assert ledger_of(owner, user_id) == PAID
    assert words_of(block) == script.texts
    assert_times(block, script)
    parts = parts_of(pipeline, user_id, session_id)
    overlaps = [one for one, other in pairwise(parts) if one.end_ms > other.start_ms]
    assert overlaps
    assert len(whisper.heard_ms) == len(parts) > 4
    assert max(whisper.heard_ms) <= MOST_MS
    assert media.duration_ms == pytest.approx(2_400_000, abs=1_000)
    assert media.speech_ms == pytest.approx(2_270_000, abs=6_000)
    assert sum(whisper.heard_ms) - (media.speech_ms or 0) == 8_000 * len(overlaps)


def test_the_tries_it_took_to_look_into_a_recording_are_not_missing_when_its_parts_are_joined(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    script, audio = two_parts()
    user_id, session_id = finalized(pipeline, audio)
    queue, message = pipeline.backend.queue.sent.pop(0)
    pipeline.backend.store.is_down = True
    for _ in range(4):
        with pytest.raises(VendorDown):
            pipeline.deliver(queue, message)
    pipeline.backend.store.is_down = False
    pipeline.deliver(queue, message)
    pipeline.work_off()
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED
    assert heard(pipeline, user_id, session_id) == script.texts
    assert ledger_of(owner, user_id) == PAID


def test_the_parts_are_heard_side_by_side_and_removed_when_their_text_is_kept(pipeline: Pipeline) -> None:
    script, audio = two_parts()
    user_id, session_id = finalized(pipeline, audio)
    deliver_up_to(pipeline, "split-audio")
    waiting = pipeline.backend.step(user_id, session_id, "transcribe")
    assert (waiting.state, waiting.reason) == ("waiting", "parts")
    pipeline.deliver(*pipeline.backend.queue.sent.pop(0))
    assert pipeline.backend.queue.names() == ["transcribe-part", "transcribe-part"]
    assert len(part_objects(pipeline)) == 2
    deliver_up_to(pipeline, "discard-objects")
    assert heard(pipeline, user_id, session_id) == script.texts
    assert len(part_objects(pipeline)) == 2
    pipeline.work_off()
    assert part_objects(pipeline) == []
    assert len(pipeline.backend.store.objects) == 1
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED


def test_every_message_delivered_twice_pays_for_nothing_twice(pipeline: Pipeline, whisper: WhisperLike) -> None:
    script, audio = two_parts()
    user_id, session_id = finalized(pipeline, audio)
    while pipeline.backend.queue.sent:
        queue, message = pipeline.backend.queue.sent.pop(0)
        pipeline.deliver(queue, message)
        pipeline.deliver(queue, message)
    assert len(whisper.heard_ms) == 2
    assert heard(pipeline, user_id, session_id) == script.texts


def test_a_part_that_fails_for_good_fails_the_session_and_a_later_try_pays_only_for_what_is_missing(
    pipeline: Pipeline, owner: psycopg.Connection, whisper: WhisperLike
) -> None:
    script, audio = two_parts()
    user_id, session_id = finalized(pipeline, audio)
    whisper.status_of = {1: 400}
    pipeline.work_off()
    session = pipeline.backend.read(user_id, session_id).session
    assert (session.status, session.failure_reason) == (
        SessionStatus.FAILED,
        "transcribe_part_failed: provider_refused",
    )
    assert ledger_of(owner, user_id) == REFUNDED
    assert heard(pipeline, user_id, session_id) == []
    assert len(whisper.heard_ms) == 1
    process_session(pipeline.backend.db, pipeline.backend.queue, user_id, session_id)
    pipeline.work_off()
    assert heard(pipeline, user_id, session_id) == script.texts
    assert len(whisper.heard_ms) == 2
    assert ledger_of(owner, user_id) == [*REFUNDED, (-1, "session")]


def test_a_lost_part_is_cut_anew_when_the_session_is_processed_again(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    script, audio = two_parts()
    user_id, session_id = finalized(pipeline, audio)
    deliver_up_to(pipeline, "transcribe-part")
    pipeline.backend.store.discard(part_objects(pipeline)[1:])
    pipeline.work_off()
    assert pipeline.backend.read(user_id, session_id).session.failure_reason == "transcribe_part_failed: missing"
    assert ledger_of(owner, user_id) == REFUNDED
    process_session(pipeline.backend.db, pipeline.backend.queue, user_id, session_id)
    pipeline.work_off()
    assert heard(pipeline, user_id, session_id) == script.texts
    assert part_objects(pipeline) == []


def test_a_bucket_that_is_away_while_parts_are_written_is_waited_for(pipeline: Pipeline) -> None:
    script, audio = two_parts()
    user_id, session_id = finalized(pipeline, audio)
    deliver_up_to(pipeline, "split-audio")
    queue, message = pipeline.backend.queue.sent.pop(0)
    pipeline.backend.store.is_down = True
    with pytest.raises(VendorDown):
        pipeline.deliver(queue, message)
    assert parts_of(pipeline, user_id, session_id) == []
    pipeline.backend.store.is_down = False
    pipeline.deliver(queue, message)
    pipeline.work_off()
    assert heard(pipeline, user_id, session_id) == script.texts


def test_a_late_notice_of_the_upload_does_not_wake_a_recording_that_waits_for_its_parts(pipeline: Pipeline) -> None:
    _, audio = two_parts()
    user_id, session_id = finalized(pipeline, audio)
    deliver_up_to(pipeline, "split-audio")
    [media] = pipeline.backend.read(user_id, session_id).media
    facts = pipeline.backend.store.look(media.object_key)
    assert facts is not None
    pipeline.notice(media, facts)
    assert pipeline.backend.step(user_id, session_id, "transcribe").state == "waiting"
    assert pipeline.backend.queue.names() == ["split-audio"]


def test_a_deleted_session_takes_its_parts_along(pipeline: Pipeline) -> None:
    _, audio = two_parts()
    user_id, session_id = finalized(pipeline, audio)
    deliver_up_to(pipeline, "transcribe-part")
    delete_session(pipeline.backend.db, pipeline.backend.queue, user_id, session_id)
    pipeline.work_off()
    assert pipeline.backend.store.objects == {}
    with pytest.raises(NotFound):
        pipeline.backend.read(user_id, session_id)


@pytest.mark.parametrize("minutes", [1, 30])
def test_a_silent_recording_is_told_so_and_reaches_no_provider(
    pipeline: Pipeline, owner: psycopg.Connection, whisper: WhisperLike, minutes: int
) -> None:
    audio = record(Script(words=(), length_ms=minutes * 60_000), "flac")
    user_id, session_id = finalized(pipeline, audio)
    pipeline.work_off()
    whole = pipeline.backend.read(user_id, session_id)
    assert [(media.status, media.reason) for media in whole.media] == [("rejected", "no_speech")]
    assert whole.session.failure_reason == "nothing_usable"
    assert whisper.heard_ms == []
    assert ledger_of(owner, user_id) == REFUNDED


def test_a_provider_that_tells_no_times_of_words_is_joined_by_its_segments(backend: Backend) -> None:
    script, audio = two_parts()
    with WhisperLike(has_words=False) as whisper:
        endpoint = Endpoint(provider="local", base_url=whisper.url, model="some", api_key="invented")
        pipeline = Pipeline(backend=backend, transcriber=cast(FakeTranscriber, GroqTranscriber(endpoint)))
        user_id, session_id = finalized(pipeline, audio)
        pipeline.work_off()
    assert heard(pipeline, user_id, session_id) == script.texts


def test_a_recording_that_is_slow_to_decode_is_left_to_whoever_has_more_time(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A processor that is short of time is no reason to call somebody's recording unreadable."""
    monkeypatch.setattr(transcribe_media, "_DECODING_SECONDS", -1)
    pipeline = Pipeline(backend=backend)
    user_id, session_id = finalized(pipeline, recording())
    deliver_up_to(pipeline, "split-audio")
    step = backend.step(user_id, session_id, "transcribe")
    assert (step.state, step.reason) == ("waiting", "parts")
    pipeline.work_off()
    assert backend.status(user_id, session_id) is SessionStatus.PROCESSED
