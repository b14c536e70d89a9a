"""Both embedders, the SDK's and the bare one, mean the same by the same answers of a provider."""

import base64
import json
import socket
from array import array
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest

from shared.ai import embedding_replies
from shared.ai.capabilities import Embedder, Endpoint, Usage
from shared.ai.http_embedder import HttpEmbedder
from shared.ai.openai_embedder import OpenAiEmbedder
from shared.ai.vendor_errors import usage_of_failure
from shared.errors import VendorDown, VendorRefused
from tests.fakes.vendor_server import Answer, VendorServer, vendor_server

_KEY = "sk-test"
_TIMEOUT_SECONDS = 0.5

Build = Callable[[str], Embedder]


def _endpoint(base_url: str) -> Endpoint:
    return Endpoint(provider="acme", base_url=base_url, model="small", api_key=_KEY)


def _http(base_url: str) -> Embedder:
    return HttpEmbedder(_endpoint(base_url), timeout_seconds=_TIMEOUT_SECONDS)


def _sdk(base_url: str) -> Embedder:
    return OpenAiEmbedder(_endpoint(base_url), timeout_seconds=_TIMEOUT_SECONDS)


@pytest.fixture
def vendor() -> Iterator[VendorServer]:
    with vendor_server() as server:
        yield server


@pytest.fixture(params=[_http, _sdk], ids=["http", "sdk"])
def build(request: pytest.FixtureRequest) -> Build:
    return request.param


@pytest.fixture
def embedder(build: Build, vendor: VendorServer) -> Embedder:
    return build(f"{vendor.url}/v1")


def _vector(first: float) -> str:
    return base64.b64encode(array("f", [first, 1.0, *[0.0] * 1534]).tobytes()).decode()


def _vectors(*vectors: Any, tokens: int = 5) -> Answer:
    data = [{"object": "embedding", "index": at, "embedding": vector} for at, vector in enumerate(vectors)]
    return Answer.of_json({"object": "list", "data": data, "model": "small", "usage": {"total_tokens": tokens}})


def _failure(embedder: Embedder) -> VendorDown | VendorRefused:
    with pytest.raises((VendorDown, VendorRefused)) as failure:
        embedder.embed(["boiler"])
    return failure.value


def test_texts_come_back_as_unit_vectors(embedder: Embedder, vendor: VendorServer) -> None:
    vendor.answer_with(_vectors(_vector(0.0), _vector(1.0)))
    embedded = embedder.embed(["boiler", "garden"])
    assert [tuple(vector[:2]) for vector in embedded.vectors] == [(0.0, 1.0), pytest.approx((0.5**0.5, 0.5**0.5))]
    assert embedded.usage == Usage(provider="acme", model="small", operation="embed", tokens=5, input_tokens=5)


def test_the_provider_is_asked_in_its_own_way(embedder: Embedder, vendor: VendorServer) -> None:
    vendor.answer_with(_vectors(_vector(0.0)))
    embedder.embed(["Wärmepumpe 🔥"])
    received = vendor.received[0]
    assert received.path == "/v1/embeddings"
    assert received.headers["authorization"] == f"Bearer {_KEY}"
    assert received.headers["content-type"] == "application/json"
    assert received.json() == {"model": "small", "input": ["Wärmepumpe 🔥"], "encoding_format": "base64"}


def test_a_base_url_may_end_with_a_slash(build: Build, vendor: VendorServer) -> None:
    vendor.answer_with(_vectors(_vector(0.0)))
    build(f"{vendor.url}/v1/").embed(["boiler"])
    assert vendor.received[0].path == "/v1/embeddings"


def test_many_texts_go_in_several_requests(embedder: Embedder, vendor: VendorServer) -> None:
    vendor.answer_with(_vectors(*[_vector(0.0)] * 256), _vectors(_vector(1.0), tokens=1))
    embedded = embedder.embed(["boiler"] * 257)
    assert len(embedded.vectors) == 257
    assert (embedded.usage.tokens, embedded.usage.input_tokens) == (6, 6)
    assert [len(received.json()["input"]) for received in vendor.received] == [256, 1]


@pytest.mark.parametrize(
    ("answer", "told", "tokens"),
    [
        (Answer(status=429, body=b"{}", headers={"Retry-After": "17"}), ("throttled", 17), 10),
        (Answer(status=422, body=b"{}"), (None, None), 10),
        (_vectors(tokens=3), ("invalid_reply", None), 13),  # an answer of no use, which tells what it cost
    ],
    ids=["throttled", "refused", "useless"],
)
def test_a_request_that_fails_tells_what_those_before_it_cost_and_is_the_failure_it_was(
    embedder: Embedder,
    vendor: VendorServer,
    monkeypatch: pytest.MonkeyPatch,
    answer: Answer,
    told: tuple[str | None, int | None],
    tokens: int,
) -> None:
    monkeypatch.setattr(embedding_replies, "BATCH", 1)
    vendor.answer_with(answer)
    alone = _failure(embedder)
    vendor.answer_with(_vectors(_vector(0.0)), _vectors(_vector(1.0)), answer)
    with pytest.raises((VendorDown, VendorRefused)) as failure:
        embedder.embed(["boiler", "garden", "attic"])
    assert type(failure.value) is type(alone)
    assert (failure.value.exact_code, failure.value.detail) == (alone.exact_code, alone.detail)
    assert (getattr(failure.value, "failure", None), failure.value.retry_after_seconds) == told
    usage = Usage(provider="acme", model="small", operation="embed", tokens=tokens, input_tokens=tokens)
    assert usage_of_failure(failure.value) == usage


def test_no_texts_are_no_request(embedder: Embedder, vendor: VendorServer) -> None:
    assert embedder.embed([]).vectors == ()
    assert vendor.received == []


def test_a_second_call_uses_the_same_embedder(embedder: Embedder, vendor: VendorServer) -> None:
    vendor.answer_with(_vectors(_vector(0.0)))
    assert embedder.embed(["boiler"]) == embedder.embed(["boiler"])


_UNUSABLE = {
    "html": Answer(body=b"<html>Sign in to the network</html>", headers={"Content-Type": "text/html"}),
    "empty": Answer(body=b"", headers={"Content-Type": "application/json"}),
    "half a document": Answer(body=b'{"data": [{"index": 0, "embedd', headers={"Content-Type": "application/json"}),
    "another shape": Answer.of_json({"embeddings": []}),
    "no vector": _vectors(),
    "one too many": _vectors(_vector(0.0), _vector(0.0)),
    "short": _vectors([1.0] * 1535),
    "long": _vectors([1.0] * 1537),
    "nan": Answer(body=json.dumps({"data": [{"index": 0, "embedding": [float("nan")] * 1536}]}).encode()),
    "zero": _vectors([0.0] * 1536),
}


@pytest.mark.parametrize("answer", _UNUSABLE.values(), ids=_UNUSABLE.keys())
def test_an_answer_without_a_usable_vector_is_refused(embedder: Embedder, vendor: VendorServer, answer: Answer) -> None:
    vendor.answer_with(answer)
    failure = _failure(embedder)
    assert isinstance(failure, VendorDown)
    assert failure.exact_code == "provider_invalid"


@pytest.mark.parametrize("status", [401, 402, 403, 404, 408, 409, 429, 500, 502, 503, 504])
def test_a_failure_that_may_pass_can_be_tried_again(embedder: Embedder, vendor: VendorServer, status: int) -> None:
    vendor.answer_with(Answer.of_json({"error": {"message": "no"}}, status=status))
    failure = _failure(embedder)
    assert isinstance(failure, VendorDown)
    assert len(vendor.received) == 1
    assert _KEY not in str(failure)


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_refusal_is_final(embedder: Embedder, vendor: VendorServer, status: int) -> None:
    vendor.answer_with(Answer.of_json({"error": {"message": "no"}}, status=status))
    assert isinstance(_failure(embedder), VendorRefused)


def test_retry_after_is_handed_on(embedder: Embedder, vendor: VendorServer) -> None:
    vendor.answer_with(Answer(status=429, body=b"{}", headers={"Retry-After": "17"}))
    assert _failure(embedder).retry_after_seconds == 17


def test_an_answer_cut_off_on_its_way_can_be_tried_again(embedder: Embedder, vendor: VendorServer) -> None:
    whole = _vectors(_vector(0.0))
    vendor.answer_with(Answer(body=whole.body, headers=whole.headers, sent_bytes=100))
    assert isinstance(_failure(embedder), VendorDown)


def test_a_provider_that_hangs_is_given_up_in_time(embedder: Embedder, vendor: VendorServer) -> None:
    vendor.answer_with(Answer(hangs=True))
    failure = _failure(embedder)
    assert isinstance(failure, VendorDown)
    assert failure.failure == "timeout"  # a server that hangs up, as this one does at last, is "unreachable"
    assert len(vendor.received) == 1


def test_a_provider_that_refuses_connections_is_down(build: Build) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, not listening: nobody else gets the port, and nobody answers
        assert isinstance(_failure(build(f"http://127.0.0.1:{unused.getsockname()[1]}/v1")), VendorDown)


def test_a_redirect_does_not_carry_the_key_away(vendor: VendorServer) -> None:
    vendor.answer_with(Answer(status=307, headers={"Location": f"{vendor.url}/elsewhere"}))
    assert isinstance(_failure(_http(f"{vendor.url}/v1")), VendorDown)
    assert len(vendor.received) == 1


def test_a_connection_that_died_while_kept_is_replaced() -> None:
    with _forgetful_server(_vectors(_vector(0.0)).body) as (base_url, connections):
        embedder = HttpEmbedder(_endpoint(base_url), timeout_seconds=_TIMEOUT_SECONDS)
        for _ in range(3):
            assert len(embedder.embed(["boiler"]).vectors) == 1
        embedder.close()
        assert len(connections) == 3


@contextmanager
def _forgetful_server(body: bytes) -> Generator[tuple[str, list[bytes]]]:
    """Promises to keep each connection (HTTP/1.1), then drops it after one answer, as one does that was frozen."""
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)
    connections: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for _ in range(3):
                with listener.accept()[0] as connection:
                    connections.append(connection.recv(65_536))
                    while b"boiler" not in connections[-1]:
                        connections[-1] += connection.recv(65_536)
                    connection.sendall(answer)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1", connections
        thread.join(5)
