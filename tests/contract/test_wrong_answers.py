"""Whatever a provider sends, however slowly: it ends in time, as one of our errors, before anything is stored."""

import gzip
import json
import socket
import time
import tracemalloc
from array import array
from base64 import b64encode
from concurrent.futures import Future
from threading import Event
from typing import Any

import pytest

from shared.ai import total_time
from shared.ai.total_time import within
from shared.errors import VendorDown, VendorRefused
from tests.fakes.rude_server import Behaviour, drips, hangs, head, repeats, resets, rude_server, sends
from tests.fixtures.asking import ASKERS, KEY

LONG_SECONDS = 20.0
SHORT_SECONDS = 0.4
"""For what would never end by itself; everything else has all the time a busy machine may need."""
MARGIN_SECONDS = 8.0

MEGABYTE = 2**20


def answer(body: bytes, status: int = 200, **headers: str | int) -> Behaviour:
    return sends(head(status, **{"content_type": "application/json", "content_length": len(body)} | headers), body)


def of_json(value: Any) -> Behaviour:
    return answer(json.dumps(value).encode())


def failure_of(capability: str, behaviour: Behaviour, *, seconds: float = LONG_SECONDS) -> VendorDown | VendorRefused:
    with rude_server(behaviour) as server:
        ask = ASKERS[capability].asking(server.url, timeout_seconds=seconds)
        started = time.monotonic()
        with pytest.raises((VendorDown, VendorRefused)) as failure:
            within(seconds, ask)
        assert time.monotonic() - started < seconds + MARGIN_SECONDS
        assert len(server.heads) <= 1
    assert KEY not in str(failure.value)
    return failure.value


# No JSON, or JSON that is none of the shapes: for every capability alike.
_NO_ANSWER: dict[str, Behaviour] = {
    "a page of the network's": answer(b"<!doctype html><title>Sign in</title>", content_type="text/html"),
    "a page that calls itself json": answer(b"<html></html>"),
    "nothing": answer(b""),
    "half a document": answer(b'{"choices": [{"message": {"cont'),
    "null": answer(b"null"),
    "a list": answer(b"[]"),
    "a word": answer(b'"ok"'),
    "an empty object": answer(b"{}"),
    "an error that says all is well": of_json({"error": {"message": "overloaded", "code": 503}}),
    "a million brackets": answer(b"[" * 1_000_000),
    "not utf-8": answer(b'{"text": "\xff\xfe"}'),
    "a lone surrogate": answer(b'{"text": "\\ud800", "data": "\\ud800", "choices": "\\ud800"}'),
    "twenty megabytes of spaces": answer(b" " * 20 * MEGABYTE),
    "a text without end": repeats(head(content_type="application/json"), b'{"text": "' + b"x" * 65_536),
    "a compressed bomb": answer(gzip.compress(bytes(64 * MEGABYTE)), content_encoding="gzip"),
    "an unknown compression": answer(b"\x00\x01", content_encoding="zstd"),
}

_OF_ITS_OWN: dict[str, list[tuple[str, Behaviour]]] = {
    "speech": [
        ("times that are no numbers", of_json({"text": "x", "segments": [{"start": "soon", "end": 1, "text": "x"}]})),
        ("negative times", of_json({"text": "x", "segments": [{"start": -1, "end": 1, "text": "x"}]})),
        ("a time that is not finite", answer(b'{"text": "x", "duration": Infinity}')),
        ("a length of years", of_json({"text": "x", "duration": 1e12})),
        ("a text that is a list", of_json({"text": ["x"]})),
        ("a megabyte too much of text", of_json({"text": "x" * 1_000_001})),
    ],
    "vision": [],
    "embedding": [],
    "search": [],
    "chat": [],
    "ask": [],
}


def _said(content: Any, **usage: Any) -> Behaviour:
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    return of_json({"choices": [choice], **({"usage": usage} if usage else {})})


for _name in ("vision", "chat", "ask"):
    _OF_ITS_OWN[_name] = [
        ("no choice", of_json({"choices": []})),
        ("blank", _said("  \n")),
        ("no content", _said(None)),
        ("content that is no text", _said({"caption": "x"})),
        ("prose instead of json", _said("Certainly! Here is your summary:")),
        ("json of another shape", _said('{"answer": 42}')),
        ("a list in the text", _said("[1, 2]")),
        ("numbers for words", _said('{"caption": 1, "text": 2, "title": 3, "summary": 4}')),
        ("two megabytes of words", _said(json.dumps({"caption": "x" * 2 * MEGABYTE, "text": ""}))),
        ("tokens below zero", _said("{}", prompt_tokens=-1)),
        ("tokens beyond counting", _said("{}", total_tokens=10**18)),
    ]


def _vector(embedding: Any, index: int = 0) -> Behaviour:
    return of_json({"data": [{"index": index, "embedding": embedding}]})


def _packed(*numbers: float) -> str:
    return b64encode(array("f", numbers).tobytes()).decode()


for _name in ("embedding", "search"):
    _OF_ITS_OWN[_name] = [
        ("no vector", of_json({"data": []})),
        ("two vectors for one text", of_json({"data": [{"index": 0, "embedding": [1.0] * 1536}] * 2})),
        ("a vector for another text", _vector([1.0] * 1536, index=1)),
        ("a number too few", _vector([1.0] * 1535)),
        ("a number too many", _vector(_packed(*[1.0] * 1537))),
        ("all zero", _vector(_packed(*[0.0] * 1536))),
        ("not a number among numbers", _vector(_packed(float("nan"), *[1.0] * 1535))),
        ("an infinite number", _vector(_packed(float("inf"), *[1.0] * 1535))),
        ("words for numbers", _vector(["1.0"] * 1536)),
        ("truths for numbers", _vector([True] * 1536)),
        ("a list in a list", _vector([[1.0] * 1536])),
        ("no base64", _vector("%%%")),
        ("half a number", _vector(b64encode(b"123").decode())),
        (
            "tokens below zero",
            of_json({"data": [{"index": 0, "embedding": [1.0] * 1536}], "usage": {"total_tokens": -1}}),
        ),
    ]

_UNUSABLE = [
    pytest.param(capability, behaviour, id=f"{capability}-{name}")
    for capability in ASKERS
    for name, behaviour in [*_NO_ANSWER.items(), *_OF_ITS_OWN[capability]]
]


@pytest.mark.parametrize(("capability", "behaviour"), _UNUSABLE)
def test_what_is_no_usable_answer_is_said_to_be_none(capability: str, behaviour: Behaviour) -> None:
    failure = failure_of(capability, behaviour)
    assert isinstance(failure, VendorDown)
    assert (failure.exact_code, failure.failure) == ("provider_invalid", "invalid_reply")


# An answer that does not come, or not whole.
_BROKEN: dict[str, tuple[Behaviour, set[str]]] = {
    "silence": (hangs(), {"timeout"}),
    "silence after the headers": (hangs(head(content_length=100)), {"timeout"}),
    "silence in the middle": (hangs(head(content_length=100) + b'{"text"'), {"timeout"}),
    "headers byte by byte": (drips(b"HTTP/1.1 200 OK\r\n", b"x-slow: 1\r\n", every_seconds=0.05), {"timeout"}),
    "a body byte by byte": (drips(head(content_length=10**6), b" ", every_seconds=0.05), {"timeout"}),
    "a hundred provisional answers": (
        drips(b"", b"HTTP/1.1 102 Wait\r\n\r\n", every_seconds=0.02),
        {"timeout", "unreachable", "other"},
    ),
    "the line goes dead at once": (resets(), {"unreachable"}),
    "the line goes dead in the middle": (resets(head(content_length=100) + b'{"text"'), {"unreachable"}),
    "no answer at all": (sends(), {"unreachable"}),
    "an answer cut short": (sends(head(content_length=100), b'{"text"'), {"unreachable"}),
    "another protocol": (sends(b"SSH-2.0-OpenSSH_9.2\r\n"), {"unreachable"}),
    "a header of a megabyte": (sends(b"HTTP/1.1 200 OK\r\nx: " + b"y" * MEGABYTE), {"unreachable"}),
    "an error without end": (repeats(head(503), b"<html>" * 10_000), {"server"}),
    "a compressed error": (sends(head(500, content_encoding="gzip"), gzip.compress(bytes(MEGABYTE))), {"server"}),
    "too many requests, without end": (repeats(head(429), b"wait " * 1_000), {"throttled"}),
    "an empty account": (
        answer(b'{"error": {"code": "insufficient_quota"}}', 429),
        {"our_key"},
    ),
    "no content": (answer(b"", 204), {"other"}),
    "a part": (answer(b"{}", 206), {"other"}),
}


@pytest.mark.parametrize("capability", ASKERS)
@pytest.mark.parametrize(("behaviour", "failures"), _BROKEN.values(), ids=_BROKEN.keys())
def test_an_answer_that_does_not_come_whole_is_given_up_in_time(
    capability: str, behaviour: Behaviour, failures: set[str]
) -> None:
    seconds = SHORT_SECONDS if "timeout" in failures else LONG_SECONDS
    failure = failure_of(capability, behaviour, seconds=seconds)
    assert isinstance(failure, VendorDown)
    assert failure.exact_code == "provider_unavailable"
    assert failure.failure in failures


@pytest.mark.parametrize("capability", ASKERS)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_takes_neither_key_nor_content_elsewhere(capability: str, status: int) -> None:
    with rude_server(of_json({})) as elsewhere:
        failure = failure_of(capability, sends(head(status, location=f"{elsewhere.url}/v1", content_length=0)))
        assert elsewhere.heads == []
    assert isinstance(failure, VendorDown)


@pytest.mark.parametrize("capability", ASKERS)
def test_no_compression_is_asked_for_and_the_key_is_sent_to_its_owner_only(capability: str) -> None:
    with rude_server(answer(b"{}")) as server:
        with pytest.raises(VendorDown):
            ASKERS[capability].asking(server.url, timeout_seconds=LONG_SECONDS)()
        [asked] = server.heads
    assert "accept-encoding: identity" in asked.lower()
    assert f"bearer {KEY}" in asked.lower()


@pytest.mark.parametrize("capability", ASKERS)
def test_a_bomb_is_never_unpacked(capability: str) -> None:
    bomb = answer(gzip.compress(bytes(128 * MEGABYTE)), content_encoding="gzip")
    tracemalloc.start()
    try:
        failure_of(capability, bomb)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 64 * MEGABYTE


def _right_body(capability: str) -> dict[str, Any]:
    words = json.dumps({"caption": "x", "text": "y", "title": "t", "summary": "s", "claims": []})
    return {
        "text": "Milk.",
        "choices": [{"message": {"content": words}}],
        "data": [{"index": 0, "embedding": [1.0] * 1536}],
        "said of": capability,
    }


@pytest.mark.parametrize("capability", ASKERS)
def test_a_right_answer_under_a_wrong_name_is_an_answer(capability: str) -> None:
    body = json.dumps(_right_body(capability)).encode()
    with rude_server(answer(body, content_type="text/html; charset=latin-1")) as server:
        reply = within(5, ASKERS[capability].asking(server.url, timeout_seconds=5))
    assert reply.usage.provider == "acme"


def test_what_a_call_raises_of_its_own_is_raised_and_what_it_returns_returned() -> None:
    def fails() -> None:
        raise ValueError("its own")

    with pytest.raises(ValueError, match="its own"):
        within(LONG_SECONDS, fails)
    assert within(LONG_SECONDS, lambda: 7) == 7


def test_a_timeout_of_its_own_is_the_providers() -> None:
    def late() -> None:
        raise TimeoutError("of a socket")

    with pytest.raises(VendorDown) as failure:
        within(LONG_SECONDS, late)
    assert failure.value.failure == "timeout"


def test_an_answer_that_comes_in_the_moment_the_time_runs_out_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wait says that there is none; when it is looked at, it is there."""

    def gives_up(answers: list[Future[int]], timeout: float) -> object:
        assert answers[0].result(timeout) == 7
        return set(), set(answers)

    monkeypatch.setattr(total_time, "wait", gives_up)
    assert within(LONG_SECONDS, lambda: 7) == 7


def test_a_call_that_is_given_up_leaves_the_next_one_alone() -> None:
    slow_first = [
        drips(b"HTTP/1.1 200 OK\r\n", b"x-slow: 1\r\n", every_seconds=0.05),
        answer(json.dumps(_right_body("search")).encode()),
    ]

    def behave(connection: socket.socket, over: Event) -> None:
        slow_first.pop(0)(connection, over)

    with rude_server(behave) as server:
        ask = ASKERS["search"].asking(server.url, timeout_seconds=5)
        with pytest.raises(VendorDown):
            within(0.3, ask)
        assert within(5, ask).usage.provider == "acme"
