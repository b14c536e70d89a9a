"""Times on the wire: what RFC 3339 writes is read, and nothing else is taken for a time."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.edge.endpoint import Body, Query
from shared.edge.times import Instant

TEN = datetime(2026, 3, 1, 10, tzinfo=UTC)


class InBody(Body):
    """A body with a time."""

    at: Instant | None = None


class InQuery(Query):
    """A query string with a time."""

    at: Instant | None = None


def read(given_value: Any) -> set[datetime | None]:
    """What a body and a query string make of it."""
    in_query = {InQuery.model_validate({"at": given_value}).at} if isinstance(given_value, str) else set()
    return {InBody.model_validate_json(json.dumps({"at": given_value})).at, *in_query}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01T10:00:00Z", TEN),
        ("2026-03-01T10:00:00.000Z", TEN),
        ("2026-03-01T10:00:00.25Z", TEN + timedelta(milliseconds=250)),
        ("2026-03-01T10:00:00.123456789Z", TEN + timedelta(microseconds=123_456)),
        ("2026-03-01T11:00:00+01:00", TEN),
        ("2026-03-01T06:30:00.5-03:30", TEN + timedelta(milliseconds=500)),
        ("2026-03-01T10:00:00-00:00", TEN),
        ("2026-03-01t10:00:00z", TEN),
        ("2026-03-01 10:00:00Z", TEN),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
    ],
)
def test_what_rfc_3339_writes_is_read_in_utc(text: str, moment: datetime) -> None:
    assert read(text) == {moment}


@pytest.mark.parametrize(
    "given_value",
    [
        "",
        "1",
        "1700000000",
        "-1",
        "1e9",
        "yesterday",
        "2026-03-01",
        "2026-03-01T10:00:00",
        "2026-03-01T10:00Z",
        "2026-03-01T10Z",
        "20260301T100000Z",
        "2026-W09-7T10:00:00Z",
        "2026-03-01T10:00:00+0100",
        "2026-03-01T10:00:00+01",
        "2026-03-01T10:00:00+01:60",
        "2026-03-01T10:00:00+24:00",
        "2026-03-01T10:00:00,5Z",
        "2026-03-01T10:00:00.Z",
        "2026-03-01T10:00:00Z ",
        "2026-03-01T10:00:00Z\n",
        "2026-03-01T24:00:00Z",
        "2026-02-30T10:00:00Z",
        "0000-01-01T00:00:00Z",
        "20260-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "\u0662\u0660\u0662\u0666-03-01T10:00:00Z",
        0,
        1,
        1_700_000_000,
        1.5,
        True,
        [],
        {},
    ],
    ids=ascii,
)
def test_anything_else_is_refused_and_what_to_give_is_said(given_value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        read(given_value)
    (error,) = refused.value.errors()
    assert error["loc"] == ("at",)
    assert error["type"] == "time_invalid"
    assert "2026-03-01T10:00:00Z" in error["msg"]


@given(st.text(max_size=40) | st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", fullmatch=True))
def test_no_text_raises_anything_but_a_refusal(text: str) -> None:
    try:
        (moment,) = read(text)
    except ValidationError:
        return
    assert moment is not None
    assert moment.tzinfo is UTC


@given(st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29)), st.integers(-1_439, 1_439))  # noqa: DTZ001 - the offset is the next argument
def test_a_time_written_with_any_offset_is_the_same_moment(at: datetime, minutes: int) -> None:
    moment = at.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert read(moment.isoformat()) == {moment}
