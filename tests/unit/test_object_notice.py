"""The bucket's notices, in every shape they come in."""

import json
from contextlib import suppress
from datetime import UTC, datetime
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


def test_a_notice_says_in_which_order_and_when_if_the_store_tells() -> None:
    told = {**record(sequencer="0055AED6DCD90281E5"), "eventTime": "2026-03-02T08:01:20.123Z"}
    (notice,) = read_notices(json.dumps({"Records": [told]}))
    assert notice.facts.sequencer == "0055AED6DCD90281E5"
    assert notice.occurred_at == datetime(2026, 3, 2, 8, 1, 20, 123_000, tzinfo=UTC)


@pytest.mark.parametrize("told", [None, "", "yesterday", 7, "2026-02-30T00:00:00Z"])
def test_a_moment_nobody_understands_is_no_reason_to_refuse_a_notice(told: Any) -> None:
    (notice,) = read_notices(json.dumps({"Records": [{**record(), "eventTime": told}]}))
    assert notice.occurred_at is None


def test_no_object_has_a_longer_key_than_the_store_allows() -> None:
    assert len(notices(record("k" * 1_024))) == 1
    with pytest.raises(Malformed):
        notices(record("k" * 1_025))
