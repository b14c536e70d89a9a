"""Only vectors that can be compared get past the reading of a reply."""

import base64
import json
import math
from array import array
from collections.abc import Sequence
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ai import embedding_replies
from shared.ai.capabilities import Embedded, Endpoint
from shared.ai.embedding_replies import BATCH, DIMENSIONS, batches, embed_in_batches, read_embeddings
from shared.ai.total_time import within
from shared.ai.vendor_errors import usage_of_failure
from shared.errors import VendorDown

_ENDPOINT = Endpoint(provider="acme", base_url="http://127.0.0.1/v1", model="m", api_key="k")
_GOOD = [3.0, 4.0, *[0.0] * (DIMENSIONS - 2)]


def _reply(*vectors: Any, total_tokens: int = 7) -> bytes:
    data = [{"object": "embedding", "index": at, "embedding": vector} for at, vector in enumerate(vectors)]
    return json.dumps({"object": "list", "data": data, "usage": {"total_tokens": total_tokens}}).encode()


def _read(body: bytes, count: int = 1) -> Embedded:
    return read_embeddings(body, count=count, endpoint=_ENDPOINT)


def _base64(numbers: Sequence[float]) -> str:
    return base64.b64encode(array("f", numbers).tobytes()).decode()


@pytest.mark.parametrize("vector", [_GOOD, _base64(_GOOD)], ids=["numbers", "base64"])
def test_a_vector_is_brought_to_unit_length(vector: Any) -> None:
    embedded = _read(_reply(vector))
    assert tuple(embedded.vectors[0][:3]) == pytest.approx((0.6, 0.8, 0.0))
    assert (embedded.usage.tokens, embedded.usage.input_tokens) == (7, 7)


def test_vectors_come_in_the_order_of_the_texts() -> None:
    body = json.loads(_reply([1.0] + [0.0] * 1535, [0.0, 1.0] + [0.0] * 1534))
    body["data"].reverse()
    assert [vector[0] for vector in _read(json.dumps(body).encode(), count=2).vectors] == [1.0, 0.0]


@pytest.mark.parametrize(
    "body",
    [
        b"<html>It works!</html>",
        b"",
        b"[]",
        b'{"data": null}',
        _reply(_GOOD)[:-40],
        _reply(),
        _reply(_GOOD, _GOOD),
        _reply(_GOOD[:-1]),
        _reply([*_GOOD, 0.0]),
        _reply([]),
        _reply([0.0] * DIMENSIONS),
        _reply(_base64([0.0] * DIMENSIONS)),
        _reply([math.nan, *_GOOD[1:]]),
        _reply([math.inf, *_GOOD[1:]]),
        _reply(_base64([math.nan, *_GOOD[1:]])),
        _reply(["1.0", *_GOOD[1:]]),
        _reply([None, *_GOOD[1:]]),
        _reply([True, *_GOOD[1:]]),
        _reply([10**400, *_GOOD[1:]]),
        _reply("not base64!"),
        _reply(_base64(_GOOD)[:-6]),
        _reply({"a": 1}),
        _reply(_GOOD, total_tokens=-1),
        _reply(_GOOD).replace(b'"index": 0', b'"index": 1'),
    ],
)
def test_a_reply_that_holds_no_usable_vector_is_refused(body: bytes) -> None:
    with pytest.raises(VendorDown) as refused:
        _read(body)
    assert refused.value.exact_code == "provider_invalid"


_JSON = st.recursive(st.none() | st.text(max_size=5) | st.floats() | st.integers(), st.lists, max_leaves=10)


@given(st.binary(max_size=200) | _JSON.map(lambda value: json.dumps({"data": value}).encode()))
def test_no_reply_whatever_breaks_the_reading(body: bytes) -> None:
    with pytest.raises(VendorDown):
        _read(body)


def test_texts_go_out_in_batches_in_order() -> None:
    texts = [str(number) for number in range(BATCH * 2 + 1)]
    assert [len(batch) for batch in batches(texts)] == [BATCH, BATCH, 1]
    assert [text for batch in batches(texts) for text in batch] == texts


@pytest.mark.parametrize(("batches_before", "tokens"), [(0, None), (1, 7)])
def test_a_call_that_is_given_up_in_the_middle_tells_what_was_paid_until_then_and_sends_no_more(
    batches_before: int, tokens: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding_replies, "BATCH", 1)
    reply, sent = _read(_reply(_GOOD)), list[str]()
    over, ended = Event(), Event()

    def embed(batch: list[str]) -> Embedded:
        sent.extend(batch)
        if len(sent) > batches_before:
            over.wait(30)
        return reply

    def ask() -> None:
        try:
            embed_in_batches(_ENDPOINT, ["milk", "bread", "soap"], embed)
        finally:
            ended.set()

    with pytest.raises(VendorDown) as given_up:
        within(0.5, ask)
    over.set()  # the answer comes after all
    assert ended.wait(30)
    assert sent == ["milk", "bread"][: batches_before + 1]
    assert (given_up.value.failure, given_up.value.retry_after_seconds) == ("timeout", None)
    usage = usage_of_failure(given_up.value)
    assert (None if usage is None else usage.tokens) == tokens
