"""Which days of the calendar are meant: resolves what is said of days against the day it was said on."""

import calendar
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import singledispatch
from typing import NamedTuple

from shared.values import frozen
from shared.when.days import (
    Away,
    CalendarDate,
    Days,
    Lean,
    Nth,
    Offset,
    Rolling,
    Slice,
    Stretch,
    Unit,
    Weekday,
    Within,
)

_DAY = timedelta(days=1)
_JUST_PASSED = timedelta(days=60)
"""A date without a year that is no longer past than this is taken for this year's: a note says it of both."""
_LONG_AGO = timedelta(days=275)
"""Who speaks of a date further back than three quarters of a year names the year."""
_LEAP_CYCLE_YEARS = 9
"""29 February comes back within so many years: 1896 to 1904 is the longest wait."""


@frozen
class Anchor:
    """When and how it was said: local time without a zone, where the verbs lean, and whether in a question."""

    now: datetime
    lean: Lean = "none"
    is_question: bool = False

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.date()


class Span(NamedTuple):
    """Days from `first` on, `after` being the first that is not meant."""

    first: date
    after: date


@singledispatch
def days_meant(days: Days, _anchor: Anchor) -> Span | None:
    """The days; None where there are none, as on 31 April. Raises OverflowError or ValueError past the year 9999."""
    raise TypeError(f"{days!r} is no way to say days; shared/when/days.py lists them.")


@days_meant.register
def _(days: Offset, anchor: Anchor) -> Span | None:
    return _whole(days.unit, anchor.today, days.count)


@days_meant.register
def _(days: Away, anchor: Anchor) -> Span | None:
    if days.unit != "week" or anchor.is_question:
        return _whole(days.unit, anchor.today, days.count)
    day = anchor.today + timedelta(weeks=days.count)
    return Span(day, day + _DAY)


@days_meant.register
def _(days: Weekday, anchor: Anchor) -> Span | None:
    steps = days.steps or (-1 if anchor.lean == "past" else 1)
    ahead = (days.index - anchor.today.weekday()) % 7
    if days.is_this or (days.is_bare and not ahead and not anchor.is_question):
        first = anchor.today + timedelta(days=ahead)
    elif steps > 0:
        first = anchor.today + timedelta(days=(ahead or 7) + 7 * (steps - 1))
    else:
        first = anchor.today + timedelta(days=ahead - 7 + 7 * (steps + 1))
    return Span(first, first + _DAY)


@days_meant.register
def _(days: CalendarDate, anchor: Anchor) -> Span | None:
    lean = days.lean if days.lean != "none" else anchor.lean
    possible = [span for span in _spans_around(days, anchor.today) if span is not None]
    fitting = [span for span in possible if span.first.weekday() == days.weekday and _is_near(span, anchor)]
    spans = fitting or possible
    if fitting and days.year is None:
        return min(fitting, key=lambda span: abs(span.first - anchor.today))
    if days.year is not None:
        return spans[0] if spans else None
    last = max((span for span in spans if span.first <= anchor.today), key=_first, default=None)
    if lean == "past" and not (last and _is_too_long_ago(days, last, anchor)):
        return last
    tolerance = _JUST_PASSED if lean == "none" and days.day and days.month else timedelta()
    return min((span for span in spans if span.after - _DAY >= anchor.today - tolerance), key=_first, default=None)


def _is_near(span: Span, anchor: Anchor) -> bool:
    """Near enough for a weekday to tell which date is meant: further off, it may fit by chance."""
    return abs(span.first - anchor.today) <= _LONG_AGO


def _is_too_long_ago(days: CalendarDate, last: Span, anchor: Anchor) -> bool:
    """Whether a note's verb of the past cannot be about that date: "we moved it to 3 April", said in March."""
    return bool(days.day and days.month) and not anchor.is_question and anchor.today - last.first > _LONG_AGO


@days_meant.register
def _(days: Rolling, anchor: Anchor) -> Span | None:
    other = _moved(days.unit, anchor.today, days.count)
    if days.count < 0:
        return Span(other, anchor.today + _DAY)
    return Span(anchor.today, other + _DAY)


@days_meant.register
def _(days: Slice, anchor: Anchor) -> Span | None:
    whole = days_meant(days.of, anchor)
    if whole is None:
        return None
    early, late = _cuts(whole)
    return {
        "beginning": Span(whole.first, early),
        "middle": Span(early, late),
        "end": Span(late, whole.after),
    }[days.edge]


@days_meant.register
def _(days: Within, anchor: Anchor) -> Span | None:
    outer = days_meant(days.outer, anchor)
    if outer is None:
        return None
    if isinstance(days.inner, Weekday):
        first = outer.first + timedelta(days=days.inner.index)
        return Span(first, first + _DAY)
    month = days.inner.month or outer.first.month
    return days_meant(replace(days.inner, year=outer.first.year, month=month), anchor)


@days_meant.register
def _(days: Stretch, anchor: Anchor) -> Span | None:
    first = days_meant(days.first, anchor)
    if first is None:
        return None
    later = replace(anchor, now=datetime.combine(first.first, anchor.now.time()), lean="future")
    last = days_meant(days.last, later)
    return Span(first.first, last.after) if last and last.after > first.first else None


@days_meant.register
def _(days: Nth, anchor: Anchor) -> Span | None:
    whole = days_meant(days.of, anchor)
    if whole is None:
        return None
    length = 7 if days.weekday is None else 1
    begin = whole.first if days.weekday is None else _on_or_after(whole.first, days.weekday)
    if days.count > 0:
        first = begin + timedelta(weeks=days.count - 1)
    else:
        last = whole.after - length * _DAY
        first = last if days.weekday is None else _on_or_after(whole.after - 7 * _DAY, days.weekday)
    return Span(first, first + length * _DAY) if whole.first <= first < whole.after else None


def _on_or_after(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _first(span: Span) -> date:
    return span.first


def _spans_around(days: CalendarDate, today: date) -> Iterator[Span | None]:
    """Every span that fits what is named, in the years and months around today."""
    if days.year is not None and days.month is None:
        yield Span(date(days.year, 1, 1), date(days.year + 1, 1, 1))
    elif days.month is not None:
        around = range(max(1, today.year - _LEAP_CYCLE_YEARS), min(9998, today.year + _LEAP_CYCLE_YEARS) + 1)
        for year in around if days.year is None else (days.year,):
            yield _day_or_month(year, days.month, days.day)
    else:
        for away in range(-2, 3):  # a month of 31 days is never more than two away
            month = _moved("month", today.replace(day=1), away)
            yield _day_or_month(month.year, month.month, days.day)


def _day_or_month(year: int, month: int, day: int | None) -> Span | None:
    if day is None:
        first = date(year, month, 1)
        return Span(first, _moved("month", first, 1))
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return Span(date(year, month, day), date(year, month, day) + _DAY)


def _whole(unit: Unit, today: date, count: int) -> Span:
    """The whole unit so many away from the one of today."""
    if unit == "weekend":
        saturday = today - timedelta(days=today.weekday()) + timedelta(days=5, weeks=count)
        return Span(saturday, saturday + 2 * _DAY)
    first = _moved(unit, _begin(unit, today), count)
    return Span(first, _moved(unit, first, 1))


def _begin(unit: Unit, day: date) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if unit == "year" else day


def _moved(unit: Unit, day: date, count: int) -> date:
    """The same day so many units away, or the last of its month where there is no such day."""
    if unit in {"day", "week"}:
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 + count * (12 if unit == "year" else 1)
    year, month = months // 12, months % 12 + 1
    if not 1 <= year <= 9999:  # noqa: PLR2004 - the years Python's calendar has
        raise OverflowError(f"The year {year} is not in the calendar.")
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _cuts(whole: Span) -> tuple[date, date]:
    """Where its beginning ends and its end begins: days 1-10 and 21 on of a month, 2 days of a week, or quarters."""
    length = (whole.after - whole.first).days
    if length <= 7:  # noqa: PLR2004 - a week
        return whole.first + 2 * _DAY, whole.after - 3 * _DAY
    if length <= 31:  # noqa: PLR2004 - a month
        return whole.first + 10 * _DAY, whole.first + 20 * _DAY
    return _moved("month", whole.first, 3), _moved("month", whole.first, 9)
