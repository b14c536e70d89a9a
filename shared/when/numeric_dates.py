"""Dates in digits: 2026-05-03, 03/05/2026, 15.03.2026, 15/03."""

from collections.abc import Sequence

from shared.values import frozen
from shared.when.days import CalendarDate
from shared.when.guards import after, either, not_before, stands_alone
from shared.when.patterns import Captures, Rule
from shared.when.said import Said
from shared.when.tokens import Token

_BEFORE_DATES = {
    "on", "by", "until", "till", "from", "since", "before", "after", "due", "date", "to", "and",
    "dia", "em", "até", "ate", "desde", "no", "de", "a", "e", "data", "para", "pra",
}  # fmt: skip
_TWO_DIGITS = 2
_OF_SOMETHING = {"of", "cup", "cups", "out", "inch", "xícara", "copo"}


@frozen
class SlashDate:
    """Two numbers of which one is the day and one the month; which is which the language tells."""

    first: int
    second: int
    year: int | None


def _iso(captured: Captures) -> Said:
    return Said(days=CalendarDate(year=captured["year"], month=captured["month"], day=captured["day"]))


def _slashed(captured: Captures) -> SlashDate:
    year = captured.get("year")
    return SlashDate(first=captured["first"], second=captured["second"], year=year)


def _year(captured: Captures) -> int | None:
    year: int = captured["int"]
    if year < 100:  # noqa: PLR2004 - two digits
        return 2000 + year
    return year if 1900 <= year <= 2199 else None  # noqa: PLR2004 - what people write about


def _is_written_as_a_date(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Two digits each, and no full marks: "07/05", not "1/2" or "10/10"."""
    numbers = [token for token in tokens[start:end] if token.is_number]
    are_full_marks = len({token.number for token in numbers}) == 1
    return not are_full_marks and all(token.end - token.start == _TWO_DIGITS for token in numbers)


NUMERIC_YEAR = [Rule(pattern="<int>", build=_year)]
"""A year of a date in digits, as a part of a grammar."""

NUMERIC_DATES = (
    Rule(pattern="<year> ~- ~<int:month> ~- ~<int:day>", build=_iso, guards=(stands_alone,)),
    Rule(pattern="<int:first> ~/ ~<int:second> ~/ ~<short_year:year>", build=_slashed, guards=(stands_alone,)),
    Rule(pattern="<int:first> ~. ~<int:second> ~. ~<year>", build=_slashed, guards=(stands_alone,)),
    Rule(pattern="<int:first> ~- ~<int:second> ~- ~<year>", build=_slashed, guards=(stands_alone,)),
    Rule(
        pattern="<int:first> ~/ ~<int:second>",
        build=_slashed,
        guards=(
            either(after(_BEFORE_DATES, skipping={"the", "o"}), _is_written_as_a_date),
            not_before(_OF_SOMETHING),
            stands_alone,
        ),
    ),
)
"""Rules of both languages."""
