"""Transcriptions of the local AI server, asked for with Groq's and OpenAI's SDKs."""

import functools
import http.server
import threading
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import groq
import httpx
import openai
import pytest

from dev.vendors.ai_audio import BYTES_PER_SECOND, decode_recording
from tests.fixtures.local_ai import (
    PATIENCE_SECONDS,
    SAMPLES,
    LocalAi,
    silence,
    spoken_lines,
    wav_of,
    word_errors,
    words_in,
)

MODEL = "whisper-large-v3-turbo"
_OFTEN = 100
FIRST_WORDS = "on tuesday morning i have an appointment with the dentist"


@functools.cache
def note() -> bytes:
    return (SAMPLES / "voice_note.ogg").read_bytes()


@functools.cache
def first_sentence() -> bytes:
    return wav_of(decode_recording(note())[: int(4.5 * BYTES_PER_SECOND)])


@pytest.fixture(scope="module")
def heard(local_ai: LocalAi) -> dict[str, Any]:
    """The whole note, transcribed once, as the `transcribe` worker asks for it."""
    answer = local_ai.groq.audio.transcriptions.create(
        model=MODEL,
        file=("voice_note.ogg", note()),
        response_format="verbose_json",
        timestamp_granularities=["segment", "word"],
    )
    return answer.model_dump()


def test_at_least_nine_of_ten_words_of_the_note_are_right(heard: dict[str, Any]) -> None:
    said = words_in(" ".join(line.text for line in spoken_lines()))
    assert word_errors(said, words_in(heard["text"])) <= len(said) / 10


def test_the_note_is_small_and_half_a_minute_long(heard: dict[str, Any]) -> None:
    assert len(note()) <= 150_000
    assert 25 <= heard["duration"] <= 40


def test_each_sentence_is_a_segment_at_the_second_it_was_spoken(heard: dict[str, Any]) -> None:
    starts = [segment["start"] for segment in heard["segments"]]
    assert starts == pytest.approx([line.start for line in spoken_lines()], abs=0.6)


def test_segments_follow_each_other_and_read_as_sentences(heard: dict[str, Any]) -> None:
    ends = [0.0]
    for index, segment in enumerate(heard["segments"]):
        text = segment["text"].strip()
        assert segment["id"] == index
        assert ends[-1] <= segment["start"] < segment["end"] <= segment["start"] + 12
        assert text[0].isupper()
        assert text.endswith(".")
        assert segment["avg_logprob"] < 0
        ends.append(segment["end"])
    assert heard["text"] == " ".join(segment["text"].strip() for segment in heard["segments"])


def test_words_carry_their_own_seconds(heard: dict[str, Any]) -> None:
    by_word = {entry["word"]: entry for entry in heard["words"]}
    assert 2 < by_word["appointment"]["start"] < by_word["appointment"]["end"] < 4
    assert heard["language"] == "english"


def test_the_same_recording_is_heard_the_same_way_again(local_ai: LocalAi) -> None:
    answers = [
        local_ai.openai.audio.transcriptions.create(
            model=MODEL, file=("a.wav", first_sentence()), response_format="verbose_json"
        ).model_dump()
        for _ in range(3)
    ]
    assert answers[0] == answers[1] == answers[2]


def test_openais_sdk_gets_plain_json_and_text(local_ai: LocalAi) -> None:
    create = local_ai.openai.audio.transcriptions.create
    as_json = create(model=MODEL, file=("a.wav", first_sentence()))
    as_text = create(model=MODEL, file=("a.wav", first_sentence()), response_format="text")
    assert words_in(as_json.text) == FIRST_WORDS.split()
    assert as_text.strip() == as_json.text


def test_silence_says_nothing(local_ai: LocalAi) -> None:
    answer = local_ai.openai.audio.transcriptions.create(
        model=MODEL, file=("silence.wav", silence(2)), response_format="verbose_json"
    )
    assert answer.text == ""
    assert answer.segments == []
    assert answer.duration == pytest.approx(2, abs=0.01)


@pytest.mark.parametrize("data", [b"", b"no audio", (SAMPLES / "picture.png").read_bytes()])
def test_bytes_that_are_no_audio_are_refused(local_ai: LocalAi, data: bytes) -> None:
    with pytest.raises(openai.BadRequestError) as refusal:
        local_ai.openai.audio.transcriptions.create(model=MODEL, file=("voice.ogg", data))
    assert refusal.value.code == "invalid_audio"


def test_a_recording_may_be_named_by_its_address_on_this_machine(local_ai: LocalAi) -> None:
    with serving_file(first_sentence()) as url:
        answer = local_ai.groq.audio.transcriptions.create(model=MODEL, url=url)
    assert words_in(answer.text) == FIRST_WORDS.split()


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/voice.ogg",
        "http://127.0.0.1@example.com/voice.ogg",
        "http://169.254.169.254/latest",
        "file:///etc/hostname",
        "http://[broken",
    ],
)
def test_an_address_elsewhere_is_refused(local_ai: LocalAi, url: str) -> None:
    with pytest.raises(groq.BadRequestError) as refusal:
        local_ai.groq.audio.transcriptions.create(model=MODEL, url=url)
    assert "url_not_allowed" in refusal.value.response.text


def test_a_request_without_a_recording_is_refused(local_ai: LocalAi) -> None:
    answer = httpx.post(f"{local_ai.address}/v1/audio/transcriptions", data={"model": MODEL})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "file"


def test_more_than_30_mb_is_refused_and_the_client_is_told(local_ai: LocalAi) -> None:
    with pytest.raises(openai.APIStatusError) as refusal:
        local_ai.openai.audio.transcriptions.create(model=MODEL, file=("big.wav", bytes(30_000_001)))
    assert refusal.value.status_code == 413


def test_more_than_30_mb_without_a_declared_length_is_refused_too(local_ai: LocalAi) -> None:
    parts = (bytes(1_000_000) for _ in range(31))
    answer = httpx.post(f"{local_ai.address}/v1/embeddings", content=parts)
    assert answer.status_code == 413


def test_health_is_answered_while_a_recording_is_transcribed(local_ai: LocalAi) -> None:
    """A hundred times: a server that did nothing else meanwhile would answer the few that overtake the recording."""
    answered = 0
    with ThreadPoolExecutor(1) as pool, httpx.Client(base_url=local_ai.address, timeout=PATIENCE_SECONDS) as client:
        transcribing = pool.submit(
            local_ai.openai.audio.transcriptions.create, model=MODEL, file=("a.wav", first_sentence())
        )
        while answered < _OFTEN and not transcribing.done():
            assert client.get("/health").status_code == 200
            answered += not transcribing.done()
    assert answered == _OFTEN


@contextmanager
def serving_file(data: bytes) -> Generator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/voice.wav"
        server.shutdown()
        thread.join()
