"""What is said of one time, as far as it is said: days, hours, or how far from now."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from shared.values import frozen
from shared.when.days import Away, Days, Nth, Offset, Rolling, Slice, Unit, is_one_day, joined
from shared.when.patterns import Captures
from shared.when.times_of_day import Clock, PartOfDay

MINUTES = {"minute": 1, "hour": 60}


@frozen
class Said:
    """Days, a clock time (`until` another), a part of the day. `is_doubtful`: no time beside verbs of the past."""

    days: Days | None = None
    clock: Clock | None = None
    until: Clock | None = None
    part: PartOfDay | None = None
    is_doubtful: bool = False


@frozen
class FromNow:
    """So many minutes from now, to the minute; `is_rolling`: all the time between then and now."""

    minutes: int
    is_rolling: bool = False
    is_doubtful: bool = False


@frozen
class NoTime:
    """Words that look like a time and are none: "these days"."""


@frozen
class Amount:
    """So many of a unit: half an hour is thirty minutes."""

    unit: Unit
    count: int


def no_time(_captured: Captures) -> NoTime:
    """A rule's builder for what is no time."""
    return NoTime()


def on(days: Callable[[Captures], Days | None]) -> Callable[[Captures], Said | None]:
    """A rule's builder from the days that are meant."""

    def build(captured: Captures) -> Said | None:
        meant = days(captured)
        return None if meant is None else Said(days=meant)

    return build


def away(sign: int, *, is_doubtful: bool = False) -> Callable[[Captures], Said | FromNow]:
    """A rule's builder for an amount from now: 1 ahead, -1 back."""

    def build(captured: Captures) -> Said | FromNow:
        amount: Amount = captured["amount"]
        if amount.unit in MINUTES:
            return FromNow(minutes=sign * amount.count * MINUTES[amount.unit], is_doubtful=is_doubtful)
        return Said(days=Away(unit=amount.unit, count=sign * amount.count), is_doubtful=is_doubtful)

    return build


def rolling(sign: int) -> Callable[[Captures], Said | FromNow]:
    """A rule's builder for the next so many days, or the last."""

    def build(captured: Captures) -> Said | FromNow:
        amount: Amount = captured["amount"]
        if amount.unit in MINUTES:
            return FromNow(minutes=sign * amount.count * MINUTES[amount.unit], is_rolling=True)
        return Said(days=Rolling(unit=amount.unit, count=sign * amount.count))

    return build


def offset(count: int) -> Callable[[Captures], Said]:
    """A rule's builder for a whole unit so many away: this week, last month."""
    return lambda captured: Said(days=Offset(unit=captured["period"], count=count))


def sliced(captured: Captures) -> Said:
    """A rule's builder for the beginning, middle or end of a stretch."""
    return Said(days=Slice(edge=captured["edge"], of=captured["stretch"]))


def nth_week(captured: Captures) -> Said:
    """A rule's builder for a week of a stretch: its first seven days are the first."""
    return Said(days=Nth(count=captured["nth"], of=captured["stretch"]))


def nth_weekday(captured: Captures) -> Said:
    """A rule's builder for the third Tuesday, or the last, of a stretch."""
    return Said(days=Nth(count=captured["nth"], weekday=captured["weekday"], of=captured["stretch"]))


def merged(one: Said, other: Said) -> Said | None:
    """Two things said side by side, as one time; None if they are two."""
    days = one.days or other.days
    if one.days is not None and other.days is not None:
        days = joined(one.days, other.days)
        if days is None:
            return None
    hours = [one.clock, other.clock, one.part, other.part]
    if (one.clock and other.clock) or (one.part and other.part):
        return None
    if days is not None and any(hours) and not is_one_day(days):
        return None
    return replace(
        one,
        days=days,
        clock=one.clock or other.clock,
        until=one.until or other.until,
        part=one.part or other.part,
    )


def amount(captured: Captures) -> Any:  # noqa: ANN401 - None refuses the rule
    """A rule's builder: so many of a unit."""
    return Amount(unit=captured["unit"], count=captured["count"]) if captured["count"] else None
