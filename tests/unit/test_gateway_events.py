"""The gateway's pure parts: routes, events of payload format 2.0, answers."""

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from dev.gateway.answers import MalformedAnswer, answer_of
from dev.gateway.events import HttpRequest, build_event, claim_text
from dev.gateway.routing import GatewayRoute, RouteMatch, Router, routes_of
from functions.catalogue import FUNCTIONS

NOW = datetime(2026, 3, 12, 19, 3, 58, 390_000, tzinfo=UTC)
PHONE_HEADERS = (
    ("host", "abc.example.com"),
    ("user-agent", "phone/1"),
    ("cookie", "one=1; two=2"),
    ("content-type", "application/json"),
    ("x-many", "1"),
    ("x-many", "2"),
)


def event_of(
    *,
    method: str = "POST",
    path: str = "/api/notes/42",
    query: str = "",
    headers: tuple[tuple[str, str], ...] = (),
    body: bytes = b"",
    parameters: dict[str, str] | None = None,
    claims: dict[str, Any] | None = None,
) -> dict[str, Any]:
    request = HttpRequest(
        method=method, raw_path=path, raw_query=query, headers=headers, body=body, source_ip="10.0.0.9", port=8787
    )
    route = GatewayRoute(method=method, path="/api/notes/{note_id}", function="notes")
    match = RouteMatch(route=route, path_parameters=parameters or {})
    return build_event(request, match, request_id="r=", trace_root="Root=1-a-b", claims=claims, now=NOW)


def test_an_event_has_exactly_the_fields_of_payload_format_2() -> None:
    event = event_of(
        query="a=1&b=2&a=3",
        headers=PHONE_HEADERS,
        body=b'{"x":1}',
        parameters={"note_id": "42"},
        claims={"sub": "alice", "exp": 5},
    )
    assert event == {
        "version": "2.0",
        "routeKey": "POST /api/notes/{note_id}",
        "rawPath": "/api/notes/42",
        "rawQueryString": "a=1&b=2&a=3",
        "cookies": ["one=1", "two=2"],
        "headers": {
            "host": "abc.example.com",
            "user-agent": "phone/1",
            "content-type": "application/json",
            "x-many": "1,2",
            "x-amzn-trace-id": "Root=1-a-b",
            "x-forwarded-for": "10.0.0.9",
            "x-forwarded-port": "8787",
            "x-forwarded-proto": "http",
        },
        "queryStringParameters": {"a": "1,3", "b": "2"},
        "pathParameters": {"note_id": "42"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "local",
            "authorizer": {"jwt": {"claims": {"sub": "alice", "exp": "5"}, "scopes": None}},
            "domainName": "abc.example.com",
            "domainPrefix": "abc",
            "http": {
                "method": "POST",
                "path": "/api/notes/42",
                "protocol": "HTTP/1.1",
                "sourceIp": "10.0.0.9",
                "userAgent": "phone/1",
            },
            "requestId": "r=",
            "routeKey": "POST /api/notes/{note_id}",
            "stage": "$default",
            "time": "12/Mar/2026:19:03:58 +0000",
            "timeEpoch": 1773342238390,
        },
        "body": '{"x":1}',
        "isBase64Encoded": False,
    }


def test_what_is_empty_is_left_out() -> None:
    event = event_of()
    absent = {"cookies", "queryStringParameters", "pathParameters", "body", "stageVariables"}
    assert not absent & set(event)
    assert event["rawQueryString"] == ""
    assert "authorizer" not in event["requestContext"]


def test_path_and_query_values_are_decoded_but_the_raw_query_is_not() -> None:
    event = event_of(path="/api/notes/caf%C3%A9%20x", query="q=caf%C3%A9+x&empty=&bare")
    assert event["rawPath"] == event["requestContext"]["http"]["path"] == "/api/notes/café x"
    assert event["rawQueryString"] == "q=caf%C3%A9+x&empty=&bare"
    assert event["queryStringParameters"] == {"q": "café x", "empty": "", "bare": ""}


def test_a_forwarded_address_is_appended() -> None:
    event = event_of(headers=(("x-forwarded-for", "1.2.3.4"),))
    assert event["headers"]["x-forwarded-for"] == "1.2.3.4, 10.0.0.9"


@pytest.mark.parametrize(
    ("content_type", "is_base64"),
    [
        ("application/json", False),
        ("application/json; charset=utf-8", False),
        ("Text/Plain", False),
        ("application/xml", False),
        ("application/x-www-form-urlencoded", True),
        ("application/octet-stream", True),
        ("image/png", True),
        (None, True),
    ],
)
def test_a_body_is_text_or_base64_by_its_type(content_type: str | None, is_base64: bool) -> None:  # noqa: FBT001 - a case
    headers = (("content-type", content_type),) if content_type else ()
    event = event_of(headers=headers, body=b"a=b")
    assert event["isBase64Encoded"] is is_base64
    assert event["body"] == (base64.b64encode(b"a=b").decode() if is_base64 else "a=b")


def test_a_compressed_body_is_base64_whatever_its_type() -> None:
    event = event_of(headers=(("content-type", "application/json"), ("content-encoding", "gzip")), body=b"\x1f\x8b")
    assert event["isBase64Encoded"] is True


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("alice", "alice"),
        (1583348638, "1583348638"),
        (True, "true"),
        (False, "false"),
        (["a", "b"], "[a b]"),
        ([], "[]"),
        ({"b": ["x"], "a": 1}, "map[a:1 b:[x]]"),
        (None, "<nil>"),
    ],
)
def test_claims_are_texts(value: object, text: str) -> None:
    assert claim_text(value) == text


def matched(method: str, path: str) -> tuple[str, dict[str, str]] | None:
    templates = [
        ("ANY", "/a/{proxy+}"),
        ("GET", "/a/{id}"),
        ("GET", "/a/{id}/parts/{part_id}"),
        ("GET", "/a/new"),
        ("ANY", "/a/new"),
        ("ANY", "/{proxy+}"),
    ]
    router = Router(GatewayRoute(method=m, path=p, function="f") for m, p in templates)
    match = router.match(method, path)
    return (match.route.key, match.path_parameters) if match else None


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/a/new", ("GET /a/new", {})),
        ("POST", "/a/new", ("ANY /a/new", {})),
        ("GET", "/a/7", ("GET /a/{id}", {"id": "7"})),
        ("POST", "/a/7", ("ANY /a/{proxy+}", {"proxy": "7"})),
        ("GET", "/a/7/parts/caf%C3%A9", ("GET /a/{id}/parts/{part_id}", {"id": "7", "part_id": "café"})),
        ("GET", "/a/7/parts", ("ANY /a/{proxy+}", {"proxy": "7/parts"})),
        ("GET", "/a/7/", ("ANY /a/{proxy+}", {"proxy": "7/"})),
        ("GET", "/other/x", ("ANY /{proxy+}", {"proxy": "other/x"})),
        ("GET", "/", None),
    ],
)
def test_the_most_specific_route_wins(method: str, path: str, expected: tuple[str, dict[str, str]] | None) -> None:
    assert matched(method, path) == expected


def test_every_route_of_the_catalogue_finds_itself() -> None:
    routes = routes_of(FUNCTIONS)
    router = Router(routes)
    for route in routes:
        match = router.match(route.method, route.path)
        assert match is not None
        assert match.route == route
    assert router.match("GET", "/api/health/") is None
    assert router.match("HEAD", "/api/health") is None


def test_an_answer_without_a_status_is_a_json_body() -> None:
    answer = answer_of({"a": "é"})
    assert (answer.status, answer.body) == (200, '{"a": "é"}'.encode())
    assert answer.headers == (("content-type", "application/json"),)
    assert answer_of("plain").body == b"plain"
    assert answer_of(None).body == b"null"


def test_an_answer_keeps_its_status_headers_and_cookies() -> None:
    answer = answer_of(
        {
            "statusCode": 201,
            "headers": {"X-One": 1, "Content-Type": "text/html", "Content-Length": "9", "X-Yes": True},
            "cookies": ["a=1", "b=2; Secure"],
            "body": base64.b64encode(b"\x00\xff").decode(),
            "isBase64Encoded": True,
        }
    )
    assert (answer.status, answer.body) == (201, b"\x00\xff")
    assert answer.headers == (
        ("x-one", "1"),
        ("content-type", "text/html"),
        ("x-yes", "true"),
        ("set-cookie", "a=1"),
        ("set-cookie", "b=2; Secure"),
    )


@pytest.mark.parametrize(
    "payload",
    [
        {"statusCode": "many"},
        {"statusCode": None},
        {"statusCode": True},
        {"statusCode": 99},
        {"statusCode": 200, "body": {"a": 1}},
        {"statusCode": 200, "body": "%%", "isBase64Encoded": True},
        {"statusCode": 200, "headers": ["a"]},
        {"statusCode": 200, "headers": {"a": ["b"]}},
        {"statusCode": 200, "headers": {"a b": "c"}},
        {"statusCode": 200, "headers": {"a": "b\r\nc: d"}},
        {"statusCode": 200, "cookies": "a=1"},
    ],
)
def test_a_malformed_answer_is_refused(payload: dict[str, Any]) -> None:
    with pytest.raises(MalformedAnswer):
        answer_of(payload)
