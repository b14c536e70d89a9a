"""Times within a day: what a clock says, and the parts of a day."""

from datetime import date, datetime, timedelta
from typing import Literal

from shared.values import frozen

PartOfDay = Literal["small_hours", "morning", "afternoon", "evening", "night"]
Meal = Literal["breakfast", "lunch", "dinner"]
Meridiem = Literal["am", "pm"]

HOURS: dict[PartOfDay, tuple[int, int]] = {
    "small_hours": (0, 5),
    "morning": (5, 12),
    "afternoon": (12, 18),
    "evening": (18, 24),
    "night": (18, 29),
}
"""From which hour to which; past 24 lies in the next day."""

_NOON = 12
_EARLY_HOURS = range(1, 7)
"""Said without more, these are hours after noon: few things are arranged for four in the morning."""


@frozen
class Clock:
    """What a clock shows; hour 24 is the midnight a day ends with.

    `is_open`: it may be before or after noon, as in "at three". `is_weak`: without a day beside it, it may be
    something else: "15h" is also how long something took.
    """

    hour: int
    minute: int = 0
    is_open: bool = False
    is_weak: bool = False


def clock(hour: int, minute: int = 0, meridiem: Meridiem | None = None, *, is_open: bool = False) -> Clock | None:
    """A clock time; None if no clock shows it."""
    if not (0 <= hour <= 23 and 0 <= minute <= 59):  # noqa: PLR2004 - what a clock shows
        return None
    if meridiem is None:
        return Clock(hour=hour, minute=minute, is_open=is_open and 1 <= hour <= _NOON)
    if not 1 <= hour <= _NOON:
        return None
    return Clock(hour=hour % _NOON + (_NOON if meridiem == "pm" else 0), minute=minute)


def clock_on(day: date, shown: Clock, part: PartOfDay | None = None, meal: Meal | None = None) -> datetime:
    """The local moment at which a clock shows it that day, told apart by a part of the day or by a meal."""
    hour = _hour(shown, part, meal)
    # "Tonight at one" is the night's second half.
    is_next_day = part == "night" and hour < HOURS["small_hours"][1]
    days = hour // 24 + is_next_day
    return datetime(day.year, day.month, day.day, hour % 24, shown.minute) + timedelta(days=days)


def part_of(day: date, part: PartOfDay) -> tuple[datetime, datetime]:
    """From when to when, local, that part of that day lasts."""
    midnight = datetime(day.year, day.month, day.day)
    first, last = HOURS[part]
    return midnight + timedelta(hours=first), midnight + timedelta(hours=last)


def _hour(shown: Clock, part: PartOfDay | None, meal: Meal | None) -> int:
    if not shown.is_open:
        return shown.hour
    if part in {"morning", "small_hours"} or (part is None and meal == "breakfast"):
        return shown.hour % _NOON if part else shown.hour
    if part is not None:
        return _later(shown.hour, is_night=part == "night")
    return shown.hour + _NOON if _is_after_noon(shown.hour, meal) else shown.hour


def _later(hour: int, *, is_night: bool) -> int:
    if hour == _NOON:
        return 24 if is_night else _NOON
    return hour if is_night and hour < HOURS["small_hours"][1] else hour + _NOON


def _is_after_noon(hour: int, meal: Meal | None) -> bool:
    return hour in _EARLY_HOURS or (meal == "dinner" and hour < _NOON)
