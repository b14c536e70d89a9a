"""Ways to say a day or a stretch of days, as values; shared/when/calendar_days.py finds the days they mean."""

from dataclasses import replace
from typing import Literal

from shared.values import frozen

Lean = Literal["past", "future", "none"]
"""Where a day lies that a text leaves open, told by its verbs: behind the one who speaks, ahead, or not told."""

Unit = Literal["minute", "hour", "day", "week", "weekend", "month", "year"]
Edge = Literal["beginning", "middle", "end"]


@frozen
class Offset:
    """So many units from now, whole: tomorrow is a day on, last week a week back."""

    unit: Unit
    count: int


@frozen
class Weekday:
    """A day of the week, Monday 0. `steps`: 1 the first ahead, -2 the second back; 0 as the verbs lean.

    `is_this`: today counts, if it is one. `is_bare`: said without a preposition, as what heads a note of that day.
    """

    index: int
    steps: int = 0
    is_this: bool = False
    is_bare: bool = False


@frozen
class CalendarDate:
    """What is named of a date; `lean`, where it says itself on which side it lies.

    `weekday`, Monday 0, tells which of the dates is meant that it could be; one that never fits is overlooked.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    lean: Lean = "none"


@frozen
class Away:
    """An amount from now: in two weeks, three days ago. Of weeks the day is meant, in a question the week."""

    unit: Unit
    count: int


@frozen
class Rolling:
    """The last so many days, today included (a negative count), or the next."""

    unit: Unit
    count: int


@frozen
class Slice:
    """The beginning, middle or end of a stretch."""

    edge: Edge
    of: "Days"


@frozen
class Within:
    """A day of the week, or a date, of a stretch that is named apart: Friday of last week, May of next year."""

    inner: Weekday | CalendarDate
    outer: Offset


@frozen
class Stretch:
    """From the first day of one to the last of the other."""

    first: "Days"
    last: "Days"


@frozen
class Nth:
    """The first week of a stretch, its third Tuesday (`weekday`, Monday 0); -1 is the last."""

    count: int
    weekday: int | None = None
    of: "Days"


Days = Offset | Weekday | CalendarDate | Away | Rolling | Slice | Within | Stretch | Nth

COMING_WEEKEND = Stretch(first=Weekday(index=5, steps=1), last=Weekday(index=6))
"""Saturday and Sunday ahead, as "o próximo fim de semana" has it; "next weekend" is the one of next week."""


def is_one_day(days: Days) -> bool:
    """Whether an hour can be said of it."""
    match days:
        case Weekday():
            return True
        case Offset() | Away():
            return days.unit == "day" or (isinstance(days, Away) and days.unit == "week")
        case CalendarDate():
            return days.day is not None
        case Within():
            return is_one_day(days.inner)
        case Nth():
            return days.weekday is not None
        case _:
            return False


def joined(one: Days, other: Days) -> Days | None:
    """Two ways to say days that stand together, as one; None if they are two times.

    "Friday, 13 March" is the date, "Friday of next week" a day of the week, "15 March last year" a date of the year.
    """
    for inner, outer in ((one, other), (other, one)):
        if isinstance(inner, Weekday) and isinstance(outer, CalendarDate) and outer.day:
            return replace(outer, weekday=inner.index)
        if isinstance(inner, Weekday) and isinstance(outer, Offset) and outer.unit == "day":
            return outer
        if isinstance(outer, Offset) and _lies_in(inner, outer):
            return Within(inner=inner, outer=outer) if isinstance(inner, Weekday | CalendarDate) else None
        if isinstance(inner, CalendarDate) and isinstance(outer, CalendarDate):
            return _completed(inner, outer)
    return None


def _completed(one: CalendarDate, other: CalendarDate) -> CalendarDate | None:
    """Two parts of a date as one: "in December, on the 12th"; None if both name the same part."""
    if one.lean != "none" or other.lean != "none" or (one.day and other.day) or (one.month and other.month):
        return None
    if one.year and other.year:
        return None
    return CalendarDate(
        year=one.year or other.year,
        month=one.month or other.month,
        day=one.day or other.day,
        weekday=one.weekday if one.weekday is not None else other.weekday,
    )


def _lies_in(inner: Days, outer: Offset) -> bool:
    if isinstance(inner, Weekday):
        return outer.unit == "week"
    if not isinstance(inner, CalendarDate) or inner.year is not None:
        return False
    return outer.unit == "year" if inner.month is not None else outer.unit == "month" and inner.day is not None
