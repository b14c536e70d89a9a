"""What rules for dates make of what they captured."""

from shared.when.days import CalendarDate, Stretch
from shared.when.patterns import Captures

_LONGEST_MONTH = 31
_YEARS = range(1900, 2200)


def year(captured: Captures) -> int | None:
    """A number that people write for a year."""
    return captured["int"] if captured["int"] in _YEARS else None


def calendar_date(captured: Captures) -> CalendarDate | None:
    """What `day`, `month` and `year` name of a date."""
    day: int | None = captured.get("day")
    if day is not None and not 1 <= day <= _LONGEST_MONTH:
        return None
    return CalendarDate(year=captured.get("year"), month=captured.get("month"), day=day)


def days_of_month(captured: Captures) -> Stretch | None:
    """From one day of a month, `from`, to another."""
    first = calendar_date({**captured, "day": captured["from"]})
    last = calendar_date(captured)
    return Stretch(first=first, last=last) if first and last else None


def months(captured: Captures) -> Stretch:
    """From one month, `from`, to another."""
    named = captured.get("year")
    return Stretch(
        first=CalendarDate(year=named, month=captured["from"]), last=CalendarDate(year=named, month=captured["month"])
    )
