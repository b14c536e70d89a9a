"""Cursors: ours go round, others are refused."""

import base64
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.edge.pages import PageQuery, cut, read_cursor, write_cursor
from shared.errors import Invalid

NOW = datetime(2026, 1, 1, 12, 30, 15, 123_456, tzinfo=UTC)
ROW_ID = UUID("01a1fdbd-1bdc-77a6-8293-55da7d8525f6")


@dataclass(frozen=True, kw_only=True)
class Row:
    created_at: datetime
    id: UUID


def rows(count: int) -> list[Row]:
    return [Row(created_at=NOW - timedelta(seconds=n), id=uuid4()) for n in range(count)]


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-3))])), st.uuids())
def test_a_cursor_comes_back_as_it_was_to_the_microsecond(at: datetime, row_id: UUID) -> None:
    assert read_cursor(write_cursor((at, row_id))) == (at, row_id)


@given(st.text(max_size=200))
def test_no_text_raises_anything_but_invalid(cursor: str) -> None:
    with suppress(Invalid):
        read_cursor(cursor)


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "****",
        write_cursor((NOW, ROW_ID)) + "!",
        encoded(f"2026-01-01T00:00:00|{ROW_ID}"),
        encoded(f"{NOW.isoformat()}"),
        encoded(f"{NOW.isoformat()}|not-an-id"),
        encoded(f"tomorrow|{ROW_ID}"),
        encoded(f"|{ROW_ID}"),
        base64.urlsafe_b64encode(b"\xff\xfe|x").decode(),
    ],
)
def test_a_cursor_of_ones_own_making_is_invalid(cursor: str) -> None:
    with pytest.raises(Invalid):
        read_cursor(cursor)


def test_a_page_with_more_behind_it_has_a_cursor_that_goes_on_after_its_last_row() -> None:
    found = rows(4)
    page, cursor = cut(found, 3)
    assert page == found[:3]
    assert cursor is not None
    assert read_cursor(cursor) == (found[2].created_at, found[2].id)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_last_page_has_none_even_when_it_is_full(count: int) -> None:
    found = rows(count)
    assert cut(found, 3) == (found, None)


def test_a_page_has_twenty_rows_unless_asked_otherwise() -> None:
    query = PageQuery.model_validate({})
    assert (query.limit, query.position()) == (20, None)
