"""The bucket's notices, in every shape they come in."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.edge.object_notice import read_notices
from shared.errors import Malformed


def record(key: Any = "sessions/s/audio/m.wav", event: str = "ObjectCreated:Put", **changes: Any) -> dict[str, Any]:
    stored = {"key": key, "size": 9, "eTag": "abc", **changes}
    return {"eventSource": "aws:s3", "eventName": event, "s3": {"bucket": {"name": "media"}, "object": stored}}


def notices(*records: Any) -> list[tuple[str, int, str]]:
    found = read_notices(json.dumps({"Records": records}))
    return [(notice.object_key, notice.facts.size_bytes, notice.facts.etag) for notice in found]


@pytest.mark.parametrize("event", ["ObjectCreated:Put", "ObjectCreated:Post", "ObjectCreated:CompleteMultipartUpload"])
def test_a_creation_is_a_notice(event: str) -> None:
    assert notices(record(event=event)) == [("sessions/s/audio/m.wav", 9, "abc")]


def test_one_message_may_tell_of_several() -> None:
    assert [key for key, _, _ in notices(record("a"), record("b"))] == ["a", "b"]


@pytest.mark.parametrize(
    ("encoded", "key"),
    [
        ("sessions%2Fs%2Faudio%2Fm.wav", "sessions/s/audio/m.wav"),
        ("a+b", "a b"),
        ("a%2Bb", "a+b"),
        ("%C3%A9", "é"),
        ("%ff", "\ufffd"),
        ("", ""),
    ],
)
def test_keys_are_decoded_as_the_bucket_encodes_them(encoded: str, key: str) -> None:
    assert [found for found, _, _ in notices(record(encoded))] == [key]


def test_quotes_around_an_etag_are_left_out() -> None:
    assert notices(record(eTag='"abc"'))[0][2] == "abc"


@pytest.mark.parametrize("event", ["ObjectRemoved:Delete", "ObjectRemoved:DeleteMarkerCreated", "ObjectTagging:Put"])
def test_what_is_no_creation_is_no_notice(event: str) -> None:
    assert notices(record(event=event), record("other")) == [("other", 9, "abc")]


def test_another_services_records_are_no_notice() -> None:
    assert notices({**record(), "eventSource": "aws:other"}) == []


def test_the_test_event_is_no_notice() -> None:
    assert read_notices('{"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "media"}') == []


@pytest.mark.parametrize(
    "body",
    [
        "",
        "x",
        "[]",
        "null",
        "5",
        "{}",
        '{"Records": 5}',
        '{"Records": [5]}',
        '{"Records": [{}]}',
        '{"Records": null}',
        json.dumps({"Records": [record(size="many")]}),
        json.dumps({"Records": [record(size=None)]}),
        json.dumps({"Records": [record(key=5)]}),
        "[" * 100_000,
    ],
)
def test_what_is_no_notice_at_all_is_malformed(body: str) -> None:
    with pytest.raises(Malformed):
        read_notices(body)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["Records", "s3", "Event"]), inner),
    max_leaves=10,
)


@given(ANY_JSON)
def test_no_json_raises_anything_but_malformed(value: object) -> None:
    with suppress(Malformed):
        read_notices(json.dumps(value))
