"""The local gateway over real HTTP, with functions in processes of their own."""

import base64
import json
import time
from collections.abc import Generator

import httpx
import pytest

from tests.fixtures.local_gateway import PAGE, Platform, event_in, platform_in_thread


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Generator[Platform]:
    with platform_in_thread(tmp_path_factory.mktemp("issuer")) as running:
        yield running


def test_a_request_arrives_as_an_event(platform: Platform) -> None:
    response = platform.client.post(
        f"{platform.url}/open?q=caf%C3%A9&q=2",
        json={"a": 1},
        headers={"X-Request-ID": "from-the-phone", "cookie": "a=1; b=2"},
    )
    event = event_in(response)
    assert event["routeKey"] == "POST /open"
    assert event["rawQueryString"] == "q=caf%C3%A9&q=2"
    assert event["queryStringParameters"] == {"q": "café,2"}
    assert event["cookies"] == ["a=1", "b=2"]
    assert event["headers"]["x-request-id"] == response.headers["x-request-id"] == "from-the-phone"
    assert json.loads(event["body"]) == {"a": 1}
    assert event["requestContext"]["requestId"] == response.headers["apigw-requestid"]
    assert "authorizer" not in event["requestContext"]


def test_an_answer_on_a_kept_connection_is_not_held_back(platform: Platform) -> None:
    """With Nagle's algorithm on, each takes the 40 ms of a delayed acknowledgement."""
    times: list[float] = []
    for _ in range(30):
        begun = time.perf_counter()
        assert platform.get("/nowhere").status_code == 404
        times.append(time.perf_counter() - begun)
    assert min(times[-15:]) < 0.035


def test_bytes_arrive_and_return_as_base64(platform: Platform) -> None:
    body = bytes(range(256))
    event = event_in(platform.client.post(f"{platform.url}/open", content=body, headers={"content-type": "image/png"}))
    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == body
    answered = answering(
        platform,
        {
            "statusCode": 200,
            "headers": {"content-type": "image/png"},
            "body": base64.b64encode(body).decode(),
            "isBase64Encoded": True,
        },
    )
    assert answered.content == body


def answering(platform: Platform, payload: object) -> httpx.Response:
    return platform.client.post(f"{platform.url}/open", json=payload, headers={"x-answer": "payload"})


@pytest.mark.parametrize(("method", "path"), [("GET", "/nowhere"), ("PUT", "/open"), ("GET", "/open/")])
def test_an_unknown_route_is_a_404_before_the_token_is_looked_at(platform: Platform, method: str, path: str) -> None:
    response = platform.client.request(method, platform.url + path)
    assert (response.status_code, response.json()) == (404, {"message": "Not Found"})


def test_an_answer_without_a_status_code_is_a_200_of_json(platform: Platform) -> None:
    response = answering(platform, {"a": [1]})
    assert (response.status_code, response.json()) == (200, {"a": [1]})
    assert response.headers["content-type"] == "application/json"


def test_every_cookie_of_an_answer_is_sent(platform: Platform) -> None:
    response = answering(platform, {"statusCode": 204, "cookies": ["a=1", "b=2"], "body": "ignored"})
    assert response.status_code == 204
    assert response.headers.get_list("set-cookie") == ["a=1", "b=2"]
    platform.client.cookies.clear()
    assert response.content == b""


@pytest.mark.parametrize("payload", [{"statusCode": "x"}, {"statusCode": 200, "body": {}}])
def test_a_malformed_answer_is_a_500(platform: Platform, payload: object) -> None:
    response = answering(platform, payload)
    assert (response.status_code, response.json()) == (500, {"message": "Internal Server Error"})


def test_a_function_that_raises_or_cannot_start_is_a_500(platform: Platform) -> None:
    for response in (platform.get("/open", x_answer="raise"), platform.get("/broken")):
        assert (response.status_code, response.json()) == (500, {"message": "Internal Server Error"})


def test_a_function_over_the_cap_is_a_503(platform: Platform) -> None:
    """Of a second. It would answer with something else, but not before the client's own patience of 5 s is over."""
    begun = time.monotonic()
    response = platform.get("/open", x_answer="sleep", x_seconds="30")
    assert (response.status_code, response.json()) == (503, {"message": "Service Unavailable"})
    assert time.monotonic() - begun > 0.9


@pytest.mark.parametrize("size", [10 * 1024 * 1024 + 1, 12_000_000])
def test_a_body_over_ten_megabytes_is_a_413(platform: Platform, size: int) -> None:
    response = platform.client.post(f"{platform.url}/open", content=b"x" * size)
    assert (response.status_code, response.json()) == (413, {"message": "Request Entity Too Large"})


def test_a_body_lambda_cannot_take_is_a_413_too(platform: Platform) -> None:
    response = platform.client.post(
        f"{platform.url}/open", content=b"x" * 7_000_000, headers={"content-type": "text/plain"}
    )
    assert response.status_code == 413


def test_headers_over_ten_kilobytes_are_a_431(platform: Platform) -> None:
    assert platform.get("/open", x_large="x" * 9_000).status_code == 200
    assert platform.get("/open", x_large="x" * 10_241).status_code == 431


# --- CORS


def test_a_preflight_is_answered_without_a_function(platform: Platform) -> None:
    response = platform.client.options(
        f"{platform.url}/notes/7", headers={"origin": PAGE, "access-control-request-method": "GET"}
    )
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == PAGE
    assert response.headers["access-control-allow-methods"] == "GET,POST"
    assert response.headers["access-control-allow-headers"] == "*"


def test_another_origin_gets_no_leave(platform: Platform) -> None:
    headers = {"origin": "https://evil.example", "access-control-request-method": "GET"}
    preflight = platform.client.options(f"{platform.url}/notes/7", headers=headers)
    assert not [name for name in preflight.headers if name.startswith("access-control-")]
    assert "access-control-allow-origin" not in platform.get("/open", **headers).headers


def test_the_apis_cors_headers_replace_those_of_a_function(platform: Platform) -> None:
    response = platform.client.post(
        f"{platform.url}/open",
        json={"statusCode": 200, "headers": {"access-control-allow-origin": "*"}},
        headers={"x-answer": "payload", "origin": PAGE},
    )
    assert response.headers.get_list("access-control-allow-origin") == [PAGE]
    assert response.headers["access-control-expose-headers"] == "x-one"


def test_a_refusal_tells_the_page_too(platform: Platform) -> None:
    response = platform.get(origin=PAGE)
    assert response.status_code == 401
    assert response.headers["access-control-allow-origin"] == PAGE
