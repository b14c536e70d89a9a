"""Bytes no phone of ours would send, on every route: a 4xx with a stable code, never a 5xx."""

import json
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from functions.catalogue import FUNCTIONS
from tests.fixtures.phone import Phone, event_of, function_of

TESTED = ("profile", "sessions", "uploads", "payments", "checkout")
ROUTES = [
    (route.method, route.path)
    for function in FUNCTIONS
    if function.name in TESTED
    for route in function.routes
    if route.auth == "user"
]
WITH_BODY = [(method, path) for method, path in ROUTES if method in {"POST", "PUT", "PATCH"}]

MALFORMED, INVALID, TOO_LARGE = (400, "body_malformed"), (422, "value_invalid"), (413, "body_too_large")

BODIES: dict[str, tuple[bytes, tuple[int, str]]] = {
    "no JSON": (b"{", MALFORMED),
    "two values": (b"{} {}", MALFORMED),
    "single quotes": (b"{'a': 1}", MALFORMED),
    "a raw control character": (b'{"title": "a\x01b"}', MALFORMED),
    "the same key twice": (b'{"title": "a", "title": "b"}', MALFORMED),
    "the same key twice, deeper": (b'{"metadata": {"x": {"a": 1, "\\u0061": 2}}}', MALFORMED),
    "33 levels": (b'{"metadata": ' + b'{"a":' * 33 + b"1" + b"}" * 34, MALFORMED),
    "100,000 levels": (b"[" * 100_000, MALFORMED),
    "100,000 levels of objects": (b'{"a":' * 40_000, MALFORMED),
    "a byte order mark": (b"\xef\xbb\xbf{}", MALFORMED),
    "a NUL": (b'{"title": "a\\u0000b"}', INVALID),
    "a NUL in a key": (b'{"a\\u0000b": 1}', INVALID),
    "a lone surrogate": (b'{"title": "\\ud800"}', INVALID),
    "NaN": (b'{"size_bytes": NaN}', INVALID),
    "Infinity": (b'{"size_bytes": -Infinity}', INVALID),
    "a number beyond every float": (b'{"size_bytes": 1e999}', INVALID),
    "an integer beyond 64 bits": (b'{"size_bytes": 9223372036854775808}', INVALID),
    "an integer of 100,000 digits": (b'{"size_bytes": ' + b"9" * 100_000 + b"}", INVALID),
    "null": (b"null", INVALID),
    "a string": (b'"x"', INVALID),
    "a list of nothing": (b"[]", INVALID),
    "an unknown field": (b'{"unknown_field": 1}', INVALID),
    "a field of Python's": (b'{"__class__": "x", "model_config": {}}', INVALID),
    "15,000 unknown fields": (json.dumps(dict.fromkeys(map(str, range(15_000)), 0)).encode(), INVALID),
    "a byte too many": (b'{"a": "' + b"x" * (256 * 1024 - 8) + b'"}', TOO_LARGE),
    "a megabyte": (b" " * 1_000_000, TOO_LARGE),
}

# The gateway itself repairs such bytes in a body it passes on as text.
BYTES: dict[str, tuple[bytes, tuple[int, str]]] = {
    "no UTF-8": (b'{"title": "\xff"}', MALFORMED),
    "an encoded surrogate": (b'{"title": "\xed\xa0\x80"}', MALFORMED),
    "UTF-16": ('{"title": "a"}'.encode("utf-16"), MALFORMED),
    "no JSON": (b"{", MALFORMED),
    "a NUL": BODIES["a NUL"],
    "a byte too many": BODIES["a byte too many"],
}


def concrete(path: str, alice: Phone) -> str:
    """The route's path with ids of Alice's own."""
    if "{session_id}" not in path:
        return path.replace("{device_id}", str(uuid4()))
    session_id = alice.session()
    block_id = alice.block(session_id, text_content="x")["id"]
    return path.replace("{session_id}", session_id).replace("{block_id}", block_id)


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
def test_a_bad_body_is_refused_with_its_code(alice: Phone, method: str, path: str) -> None:
    where = concrete(path, alice)
    for name, (raw, expected) in BODIES.items():
        answer = alice.call(method, where, raw=raw)
        assert (answer.status, answer.code) == expected, name
        assert len(answer.body) < 10_000, name
        assert b"Traceback" not in answer.body.encode(), name


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_bad_body_in_base64_is_refused_the_same(alice: Phone, method: str, path: str) -> None:
    where = concrete(path, alice)
    for name, (raw, expected) in BYTES.items():
        answer = alice.call(method, where, raw=raw, headers={"content-type": "application/octet-stream"})
        assert (answer.status, answer.code) == expected, name
    event = event_of(method, where, claims={"sub": alice.uid})
    answer = alice.send({**event, "body": "no base64!", "isBase64Encoded": True}, function_of(method, where))
    assert (answer.status, answer.code) == MALFORMED


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_an_unknown_parameter_is_refused(alice: Phone, method: str, path: str) -> None:
    where = concrete(path, alice)
    for query in ({"user_id": str(uuid4())}, {"x": "\x00"}, {"a\x00": "x"}, {"'; --": "%s"}):
        assert alice.refused(method, where, query=query) == INVALID


def test_a_body_in_base64_is_read_like_any_other(alice: Phone) -> None:
    body = json.dumps({"session_type": "voice", "title": "Über 🧠"}).encode()
    answer = alice.call("POST", "/api/sessions", raw=body, headers={"content-type": ""})
    assert (answer.status, answer.json()["title"]) == (201, "Über 🧠")


def test_the_largest_body_is_taken(alice: Phone) -> None:
    session_id = alice.session()
    blocks = [{"block_type": "marker", "text_content": "x" * 87_000} for _ in range(3)]
    raw = json.dumps(blocks).encode()
    padded = raw + b" " * (256 * 1024 - len(raw))
    assert len(padded) == 256 * 1024
    assert alice.call("POST", f"/api/sessions/{session_id}/blocks", raw=padded).status == 201


BAD_IDS = ["x", "1", "%00", "..", "%2e%2e%2f", "'; DROP TABLE users; --", "0" * 500, "☃", "%F0%9F%A7%A0", "null"]


@pytest.mark.parametrize("bad", BAD_IDS)
def test_what_is_no_id_is_not_found(alice: Phone, bad: str) -> None:
    part = bad if bad.startswith("%") else quote(bad, safe="")
    assert alice.refused("GET", f"/api/sessions/{part}") == (404, "not_found")
    assert alice.refused("DELETE", f"/api/me/devices/{part}") == (404, "not_found")
    session_id = alice.session()
    assert alice.refused("DELETE", f"/api/sessions/{session_id}/blocks/{part}") == (404, "not_found")


def test_a_route_that_is_not_this_functions_is_not_found(alice: Phone) -> None:
    event = event_of("GET", "/api/me", claims={"sub": alice.uid})
    answer = alice.send({**event, "routeKey": "GET /api/nothing"}, "profile")
    assert (answer.status, answer.code) == (404, "not_found")
    answer = alice.send(event, "sessions")
    assert (answer.status, answer.code) == (404, "not_found")


def test_an_event_with_next_to_nothing_in_it_is_refused_not_a_defect(alice: Phone) -> None:
    bare: list[dict[str, Any]] = [
        {},
        {"routeKey": None, "headers": None, "requestContext": None},
        {"routeKey": "GET /api/me", "headers": None, "requestContext": {"authorizer": None}},
        {"routeKey": "GET /api/me", "requestContext": {"authorizer": {"jwt": None}}},
    ]
    for event in bare:
        answer = alice.send(event, "profile")
        assert answer.status in {401, 404}, event
        assert answer.code in {"unauthenticated", "not_found"}
