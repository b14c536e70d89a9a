"""The price of a call is that of its model, its day and its hour."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ai.capabilities import Usage
from shared.ai.tariff import TARIFF, price

_MILLION = 1_000_000
_MONDAY_NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
_MOMENT = timedelta(microseconds=1)

_COUNTS = st.integers(min_value=0, max_value=2**31)
_MODELS = st.sampled_from(sorted({(rate.provider, rate.model) for rate in TARIFF}))
_TIMES = st.datetimes(min_value=datetime(2026, 9, 10), max_value=datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone


def _used(provider: str, model: str, **counts: Any) -> Usage:
    return Usage(provider=provider, model=model, operation="any", **counts)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _flash(at: str | datetime, model: str = "deepseek-flash", **counts: int) -> Decimal | None:
    used = _used("deepseek", model, **(counts or {"input_tokens": _MILLION}))
    return price(used, at=_at(at) if isinstance(at, str) else at)


@pytest.mark.parametrize(
    ("provider", "model", "counts", "cents"),
    [
        ("openai", "gpt-4.1-mini", {"input_tokens": _MILLION}, "40"),
        ("openai", "gpt-4.1-mini", {"input_tokens": _MILLION, "cached_input_tokens": _MILLION}, "10"),
        ("openai", "gpt-4.1-mini", {"output_tokens": _MILLION}, "160"),
        ("openai", "gpt-4.1-mini", {"input_tokens": 1_000, "cached_input_tokens": 600, "output_tokens": 40}, "0.0284"),
        ("openai", "text-embedding-3-small", {"input_tokens": 7}, "0.000014"),
        ("groq", "whisper-large-v3-turbo", {"audio_ms": 3_600_000}, "4"),
        ("groq", "whisper-large-v3", {"audio_ms": 60_000}, "0.185"),
        ("deepseek", "deepseek-flash", {"input_tokens": _MILLION, "cached_input_tokens": 400_000}, "9.12"),
        ("deepseek", "deepseek-flash", {"output_tokens": _MILLION}, "60"),
    ],
)
def test_a_call_costs_what_the_vendors_page_says(provider: str, model: str, counts: dict[str, int], cents: str) -> None:
    assert price(_used(provider, model, **counts), at=_MONDAY_NOON) == Decimal(cents)


@pytest.mark.parametrize(("audio_ms", "billed_ms"), [(1, 10_000), (9_999, 10_000), (10_000, 10_000), (10_001, 10_001)])
def test_groq_bills_ten_seconds_at_least(audio_ms: int, billed_ms: int) -> None:
    cents = price(_used("groq", "whisper-large-v3-turbo", audio_ms=audio_ms), at=_MONDAY_NOON)
    assert cents == (Decimal(4) * billed_ms / 3_600_000).quantize(Decimal("0.000001"))


@pytest.mark.parametrize(
    ("at", "is_peak"),
    [
        ("2026-11-16T00:59:59.999999", False),
        ("2026-11-16T01:00", True),
        ("2026-11-16T03:59:59.999999", True),
        ("2026-11-16T04:00", False),
        ("2026-11-16T05:59:59.999999", False),
        ("2026-11-16T06:00", True),
        ("2026-11-16T09:59:59.999999", True),
        ("2026-11-16T10:00", False),
        ("2026-11-16T23:00", False),
        ("2026-11-20T02:00", True),  # Friday
        ("2026-11-21T02:00", False),  # Saturday
        ("2026-11-22T07:00", False),  # Sunday
        ("2026-11-23T01:00", True),  # Monday
    ],
)
def test_deepseek_doubles_its_price_in_set_hours_of_weekdays(at: str, is_peak: bool) -> None:  # noqa: FBT001 - a row
    factor = 2 if is_peak else 1
    assert _flash(at) == 15 * factor
    assert _flash(at, input_tokens=_MILLION, cached_input_tokens=_MILLION) == Decimal("0.3") * factor
    assert _flash(at, output_tokens=_MILLION) == 60 * factor


@pytest.mark.parametrize("at", ["2026-09-25T02:00", "2026-10-01T02:00", "2026-10-07T09:59"])
def test_a_chinese_holiday_has_no_peak(at: str) -> None:
    assert _flash(at) == 15


@pytest.mark.parametrize("at", ["2026-09-24T02:00", "2026-09-30T02:00", "2026-10-08T01:00"])
def test_the_working_days_around_a_holiday_have_one(at: str) -> None:
    assert _flash(at) == 30


def test_thirty_five_hours_of_an_ordinary_week_are_peak() -> None:
    monday = _at("2026-11-16T00:00")
    prices = [_flash(monday + timedelta(hours=hour)) for hour in range(168)]
    assert prices.count(Decimal(30)) == 35
    assert prices.count(Decimal(15)) == 133


@pytest.mark.parametrize(
    ("at", "cents"),
    [
        ("2026-08-16T15:59:59.999999", None),
        ("2026-08-16T16:00", 22),
        ("2026-08-17T02:00", 44),
        ("2026-08-22T02:00", 44),  # a Saturday, before weekends were spared
        ("2026-08-22T16:00", 22),
        ("2026-08-23T02:00", 22),  # the Sunday from which on they are
        ("2026-08-24T02:00", 44),
        ("2026-09-09T15:59:59.999999", 22),
        ("2026-09-09T16:00", 15),
    ],
)
def test_an_old_call_keeps_the_price_of_its_day(at: str, cents: int | None) -> None:
    assert _flash(at, model="deepseek-v4-flash") == cents


def test_the_hour_is_that_of_the_moment_in_whatever_zone_it_is_told() -> None:
    in_lisbon = datetime(2026, 7, 1, 2, 30, tzinfo=timezone(timedelta(hours=1)))
    later = in_lisbon.replace(month=11, day=16)
    assert _flash(later) == _flash(later.astimezone(UTC)) == 30


def test_a_time_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="time zone"):
        _flash(datetime(2026, 11, 16, 2, 0))  # noqa: DTZ001 - the mistake itself


@pytest.mark.parametrize(
    ("provider", "model"),
    [
        ("openai", "gpt-9"),
        ("acme", "gpt-4.1-mini"),
        ("openai", "gpt-4.1"),
        ("openai", "gpt-4.1-mini-search"),
        ("openai", "gpt-4.1-mini-2025"),
        ("openai", "2025-04-14-gpt-4.1-mini"),
    ],
)
def test_a_model_the_tariff_does_not_know_has_no_price(provider: str, model: str) -> None:
    assert price(_used(provider, model, input_tokens=1), at=_MONDAY_NOON) is None


def test_a_model_has_no_price_before_its_first_one() -> None:
    assert _flash("2026-09-09T15:59:59.999999") is None
    assert _flash("2026-09-09T16:00") is not None


def test_a_date_at_the_end_of_a_models_name_changes_nothing() -> None:
    dated = _used("openai", "gpt-4.1-mini-2025-04-14", input_tokens=_MILLION)
    assert price(dated, at=_MONDAY_NOON) == 40


def test_a_dated_name_with_a_row_of_its_own_has_its_own_price() -> None:
    row: Any = next(rate for rate in TARIFF if rate.model == "gpt-4.1-mini")
    own = replace(row, model="gpt-4.1-mini-2027-01-01", fresh_input=Decimal(1), valid_from=_MONDAY_NOON)
    used = _used("openai", "gpt-4.1-mini-2027-01-01", input_tokens=_MILLION)
    assert price(used, at=_MONDAY_NOON, tariff=[row, own]) == 1
    assert price(used, at=_MONDAY_NOON - _MOMENT, tariff=[row, own]) is None


def test_what_is_done_here_costs_nothing() -> None:
    assert price(_used("local", "extractive-mmr", input_tokens=_MILLION), at=_MONDAY_NOON) == 0


@pytest.mark.parametrize(("provider", "model"), [("openai", "gpt-4.1-mini"), ("groq", "whisper-large-v3")])
def test_a_call_of_which_nothing_was_reported_has_no_known_price(provider: str, model: str) -> None:
    assert price(_used(provider, model, tokens=10), at=_MONDAY_NOON) is None


def test_more_cached_tokens_than_tokens_are_not_believed() -> None:
    assert _flash(_MONDAY_NOON, input_tokens=_MILLION, cached_input_tokens=5 * _MILLION) == Decimal("0.3")


def test_every_row_of_the_tariff_begins_at_a_moment_of_its_own() -> None:
    starts = [(rate.provider, rate.model, rate.valid_from) for rate in TARIFF]
    assert len(starts) == len(set(starts))
    assert all(rate.valid_from.tzinfo is UTC for rate in TARIFF)


@given(
    model=_MODELS, at=_TIMES, fresh=_COUNTS, cached=_COUNTS, output=_COUNTS, audio_ms=_COUNTS, more=_COUNTS,
    grows=st.sampled_from(["input_tokens", "output_tokens", "audio_ms"]),
)  # fmt: skip
def test_a_price_is_never_negative_and_never_falls_when_more_is_used(
    model: tuple[str, str], at: datetime, fresh: int, cached: int, output: int, audio_ms: int, more: int, grows: str
) -> None:
    used = _used(
        *model, input_tokens=fresh + cached, cached_input_tokens=cached, output_tokens=output, audio_ms=audio_ms
    )
    smaller = price(used, at=at)
    larger = price(replace(used, **{grows: getattr(used, grows) + more}), at=at)
    assert smaller is None or (larger is not None and 0 <= smaller <= larger)


@given(model=_MODELS, at=_TIMES, tokens=_COUNTS, cached=_COUNTS)
def test_what_was_read_before_never_costs_more_than_what_is_new(
    model: tuple[str, str], at: datetime, tokens: int, cached: int
) -> None:
    fresh = price(_used(*model, input_tokens=tokens), at=at)
    partly = price(_used(*model, input_tokens=tokens, cached_input_tokens=cached), at=at)
    assert (fresh is None) == (partly is None)
    assert fresh is None or partly is None or partly <= fresh


@given(model=_MODELS, at=_TIMES, tokens=_COUNTS, audio_ms=_COUNTS)
def test_every_price_fits_the_column_it_is_kept_in(
    model: tuple[str, str], at: datetime, tokens: int, audio_ms: int
) -> None:
    cents = price(_used(*model, input_tokens=tokens, output_tokens=tokens, audio_ms=audio_ms), at=at)
    assert cents is None or (cents == cents.quantize(Decimal("0.000001")) and cents < 10**8)
