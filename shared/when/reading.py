"""Reads the times of a text: found, put together, and resolved."""

from collections.abc import Sequence
from datetime import UTC, datetime

from shared.values import frozen
from shared.when.attaching import attached
from shared.when.calendar_days import Anchor
from shared.when.leaning import lean_around, meal_around
from shared.when.model import Period
from shared.when.resolving import period_of
from shared.when.said import FromNow
from shared.when.scanning import Found, scan
from shared.when.tokens import Token
from shared.when.zones import zone_or_utc


@frozen
class Moment:
    """When something was said or asked, and how: an aware time, an IANA zone, a language tag."""

    at: datetime
    time_zone: str
    language: str
    is_question: bool


@frozen
class Read:
    """A time that was read: its tokens, from one index to another, and its period."""

    start: int
    end: int
    period: Period
    is_exact: bool


def read_times(tokens: Sequence[Token], moment: Moment) -> list[Read]:
    """The times of these tokens, in order. Raises ValueError when the moment has no time zone."""
    if moment.at.utcoffset() is None:
        raise ValueError("The moment a text is read against needs a time zone: pass an aware datetime.")
    found = attached(scan(tokens, moment.language), tokens)
    read = (_read(one, tokens, moment) for one in found)
    return [one for one in read if one is not None]


def _read(found: Found, tokens: Sequence[Token], moment: Moment) -> Read | None:
    zone = zone_or_utc(moment.time_zone)
    lean = lean_around(found, tokens, is_question=moment.is_question)
    try:
        now = moment.at.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    except OverflowError:  # within hours of the year 1 or 9999
        return None
    anchor = Anchor(now=now, lean=lean, is_question=moment.is_question)
    period = period_of(found.said, anchor, zone, meal_around(found, tokens))
    if period is None:
        return None
    return Read(start=found.start, end=found.end, period=period, is_exact=_is_exact(found))


def _is_exact(found: Found) -> bool:
    return isinstance(found.said, FromNow) or found.said.clock is not None
