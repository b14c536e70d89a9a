import json
from collections.abc import Iterator
from typing import Any

import pytest

from shared.ai.capabilities import Endpoint, Segment
from shared.ai.groq_transcriber import GroqTranscriber
from shared.errors import VendorDown, VendorRefused
from tests.fakes.vendor_server import Answer, VendorServer, vendor_server

AUDIO = b"OggS" + bytes(100)


@pytest.fixture
def groq() -> Iterator[VendorServer]:
    with vendor_server() as server:
        yield server


def endpoint(url: str) -> Endpoint:
    return Endpoint(provider="groq", base_url=url, model="whisper-large-v3-turbo", api_key="gsk-invented")


def transcriber(groq: VendorServer) -> GroqTranscriber:
    return GroqTranscriber(endpoint(groq.url), timeout_seconds=2)


def verbose(**changes: Any) -> dict[str, Any]:
    return {
        "task": "transcribe",
        "language": "English",
        "duration": 4.52,
        "text": " Buy oat milk. Call Ana.",
        "segments": [
            {"id": 0, "start": 0, "end": 2.0, "text": " Buy oat milk.", "tokens": [1], "avg_logprob": -0.2},
            {"id": 1, "start": 2.0, "end": 4.5, "text": " Call Ana.", "tokens": [2], "no_speech_prob": 0.01},
        ],
        "x_groq": {"id": "req_1"},
    } | changes


def failure_of(groq: VendorServer, answer: Answer) -> VendorDown:
    groq.answer_with(answer)
    with pytest.raises(VendorDown) as failure:
        transcriber(groq).transcribe(AUDIO, file_name="audio.ogg", language="en")
    return failure.value


def test_a_transcript_comes_with_times_language_and_usage(groq: VendorServer) -> None:
    groq.answer_with(Answer.of_json(verbose()))
    transcript = transcriber(groq).transcribe(AUDIO, file_name="audio.ogg", language="en")
    assert transcript.text == "Buy oat milk. Call Ana."
    assert transcript.segments == (
        Segment(start_ms=0, end_ms=2_000, text="Buy oat milk."),
        Segment(start_ms=2_000, end_ms=4_500, text="Call Ana."),
    )
    assert transcript.language == "english"
    assert (transcript.usage.provider, transcript.usage.audio_ms) == ("groq", 4_520)


def test_the_request_is_groqs(groq: VendorServer) -> None:
    groq.answer_with(Answer.of_json(verbose()))
    transcriber(groq).transcribe(AUDIO, file_name="audio.ogg", language="pt-BR")
    [request] = groq.received
    assert request.path == "/openai/v1/audio/transcriptions"
    assert request.headers["authorization"] == "Bearer gsk-invented"
    for part in (
        b'filename="audio.ogg"',
        b"verbose_json",
        b"segment",
        b"whisper-large-v3-turbo",
        b"\r\n\r\npt\r\n",
        AUDIO,
    ):
        assert part in request.body


@pytest.mark.parametrize(
    ("tag", "told"), [("nb-NO", "no"), ("fil", "tl"), ("EN-us", "en"), ("tlh", None), ("xx", None)]
)
def test_a_language_the_provider_does_not_know_is_left_to_it(groq: VendorServer, tag: str, told: str | None) -> None:
    groq.answer_with(Answer.of_json(verbose()))
    transcriber(groq).transcribe(AUDIO, file_name="audio.ogg", language=tag)
    sent = groq.received[0].body.partition(b'name="language"')[2].split(b"\r\n")
    assert (sent[2].decode() if len(sent) > 2 else None) == told


def test_no_language_lets_the_provider_find_out(groq: VendorServer) -> None:
    groq.answer_with(Answer.of_json(verbose()))
    transcriber(groq).transcribe(AUDIO, file_name="audio.ogg", language=None)
    assert b'name="language"' not in groq.received[0].body


@pytest.mark.parametrize("suffix", ["", "/", "/openai/v1", "/openai/v1/"])
def test_the_address_is_taken_with_and_without_its_path(groq: VendorServer, suffix: str) -> None:
    groq.answer_with(Answer.of_json(verbose()))
    GroqTranscriber(endpoint(groq.url + suffix)).transcribe(AUDIO, file_name="audio.ogg", language=None)
    assert groq.received[0].path == "/openai/v1/audio/transcriptions"


def test_text_without_segments_is_one_segment(groq: VendorServer) -> None:
    groq.answer_with(Answer.of_json({"text": "Buy oat milk.", "duration": 2.5}))
    transcript = transcriber(groq).transcribe(AUDIO, file_name="audio.ogg", language=None)
    assert transcript.segments == (Segment(start_ms=0, end_ms=2_500, text="Buy oat milk."),)


def test_words_invented_for_silence_are_dropped(groq: VendorServer) -> None:
    invented = {"start": 0, "end": 3, "text": " Thank you.", "no_speech_prob": 0.97, "avg_logprob": -1.4}
    groq.answer_with(Answer.of_json(verbose(text=" Thank you.", segments=[invented])))
    transcript = transcriber(groq).transcribe(AUDIO, file_name="audio.ogg", language=None)
    assert (transcript.text, transcript.segments) == ("", ())


def test_nul_and_surrogates_never_leave_the_adapter(groq: VendorServer) -> None:
    segment = {"start": 0, "end": 1, "text": "Buy\u0000 oat\u0007 milk."}
    groq.answer_with(Answer.of_json(verbose(segments=[segment])))
    assert transcriber(groq).transcribe(AUDIO, file_name="a.ogg", language=None).text == "Buy oat milk."
    lone = json.dumps(verbose(segments=[segment | {"text": "\ud83d"}])).encode()
    assert failure_of(groq, Answer(body=lone)).exact_code == "provider_invalid"


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><title>Welcome</title>",
        b"",
        b"[]",
        json.dumps(verbose()).encode()[:-40],
        json.dumps(verbose(text=7)).encode(),
        json.dumps(verbose(segments=[{"start": "soon", "end": 1, "text": "x"}])).encode(),
        json.dumps(verbose(segments=[{"start": -1, "end": 1, "text": "x"}])).encode(),
        json.dumps(verbose(duration=1e12)).encode(),
        json.dumps(verbose()).replace("4.52", "NaN").encode(),
        b"[" * 200_000,
    ],
)
def test_an_answer_of_another_shape_is_no_answer(groq: VendorServer, body: bytes) -> None:
    assert failure_of(groq, Answer(body=body)).exact_code == "provider_invalid"


def test_ten_megabytes_are_not_read_to_their_end(groq: VendorServer) -> None:
    failure = failure_of(groq, Answer.of_json(verbose(text="x" * 10_000_000)))
    assert failure.exact_code == "provider_invalid"
    assert "8000000" in failure.detail


def test_an_answer_cut_on_the_wire_can_be_tried_again(groq: VendorServer) -> None:
    assert failure_of(groq, Answer.of_json(verbose(), sent_bytes=20)).exact_code == "provider_unavailable"


def test_a_provider_that_hangs_is_given_up(groq: VendorServer) -> None:
    groq.answer_with(Answer(hangs=True))
    with pytest.raises(VendorDown):
        GroqTranscriber(endpoint(groq.url), timeout_seconds=0.3).transcribe(AUDIO, file_name="a.ogg", language=None)


def test_a_provider_that_is_not_there_is_down() -> None:
    with vendor_server() as server:
        url = server.url
    with pytest.raises(VendorDown):
        GroqTranscriber(endpoint(url)).transcribe(AUDIO, file_name="a.ogg", language=None)


@pytest.mark.parametrize(
    ("headers", "asked_for"),
    [
        ({"Retry-After": "60"}, 60),
        ({"Retry-After": "0.4"}, 1),
        ({"Retry-After": "1e9"}, 43_200),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "nan"}, None),
        ({}, None),
    ],
)
def test_a_busy_provider_says_when_to_come_back(
    groq: VendorServer, headers: dict[str, str], asked_for: int | None
) -> None:
    failure = failure_of(groq, Answer(status=429, body=b"{}", headers=headers))
    assert failure.retry_after_seconds == asked_for


@pytest.mark.parametrize("status", [401, 402, 403, 404, 408, 409, 429, 500, 502, 503, 504])
def test_what_may_pass_or_is_our_own_mistake_is_tried_again_later(groq: VendorServer, status: int) -> None:
    assert failure_of(groq, Answer(status=status, body=b"<html>")).exact_code == "provider_unavailable"
    assert len(groq.received) == 1


@pytest.mark.parametrize("status", [400, 413, 415, 422])
def test_content_a_provider_will_never_take_is_refused(groq: VendorServer, status: int) -> None:
    groq.answer_with(Answer(status=status, body=b'{"error":{"message":"could not decode"}}'))
    with pytest.raises(VendorRefused):
        transcriber(groq).transcribe(AUDIO, file_name="audio.ogg", language=None)
