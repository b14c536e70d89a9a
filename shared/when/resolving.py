"""Makes periods of what is said: local days and hours of a zone, as moments in UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.when.calendar_days import Anchor, days_meant
from shared.when.model import Period
from shared.when.said import FromNow, Said
from shared.when.times_of_day import Clock, Meal, clock_on, part_of

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


def period_of(said: Said | FromNow, anchor: Anchor, zone: ZoneInfo, meal: Meal | None = None) -> Period | None:
    """The period that is meant; None if there is no such time, or nothing is said but part of one."""
    if said.is_doubtful and anchor.lean == "past":
        return None
    try:
        local = _from_now(said, anchor) if isinstance(said, FromNow) else _local(said, anchor, meal)
        return None if local is None else _in_utc(*local, zone)
    except (OverflowError, ValueError):  # beyond the years 1 to 9999
        return None


def _from_now(said: FromNow, anchor: Anchor) -> tuple[datetime, datetime]:
    minute = anchor.now.replace(second=0, microsecond=0)
    other = minute + timedelta(minutes=said.minutes)
    if not said.is_rolling:
        return other, other + _MINUTE
    return min(minute, other), max(minute, other) + _MINUTE


def _local(said: Said, anchor: Anchor, meal: Meal | None) -> tuple[datetime, datetime] | None:
    if said.days is None:
        return None if said.clock is None or said.clock.is_weak else _nearest(said, anchor, meal)
    days = days_meant(said.days, anchor)
    if days is None:
        return None
    if said.clock is not None:
        return _at_clock(said, said.clock, days.first, meal)
    if said.part is not None:
        return part_of(days.first, said.part)
    return _midnight(days.first), _midnight(days.after)


def _nearest(said: Said, anchor: Anchor, meal: Meal | None) -> tuple[datetime, datetime] | None:
    """A clock time without a day: the next one to come, or the last one, as the verbs lean."""
    assert said.clock is not None  # noqa: S101 - its only caller asked
    today = anchor.today
    candidates = [_at_clock(said, said.clock, today + away * _DAY, meal) for away in (-1, 0, 1)]
    if anchor.lean == "past":
        return max((one for one in candidates if one[0] <= anchor.now), default=None)
    return min((one for one in candidates if one[0] >= anchor.now - _MINUTE), default=None)


def _at_clock(said: Said, shown: Clock, day: date, meal: Meal | None) -> tuple[datetime, datetime]:
    start = clock_on(day, shown, said.part, meal)
    if said.until is None:
        return start, start + _MINUTE
    end = clock_on(day, said.until, said.part, meal)
    if end <= start:
        end += _DAY / 2 if said.until.is_open and end + _DAY / 2 > start else _DAY
    return start, end


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _in_utc(start: datetime, end: datetime, zone: ZoneInfo) -> Period:
    """A local time that does not exist is moved on by the gap, one that comes twice is taken for its first."""
    first, last = (moment.replace(tzinfo=zone).astimezone(UTC) for moment in (start, end))
    return Period(start=first, end=last if last > first else first + (end - start))
