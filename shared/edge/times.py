"""Times as a phone writes them: one shape, whichever field or parameter they stand in."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator
from pydantic_core import PydanticCustomError

# RFC 3339, section 5.6. Left to itself, pydantic takes "1" and 1700000000 for seconds since 1970, and a mistyped filter
# would find other notes instead of being refused.
_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-5][0-9])"
)


def _moment(given: object) -> datetime:
    """The moment in UTC, to the microsecond: finer fractions are cut."""
    if not isinstance(given, str) or _RFC_3339.fullmatch(given) is None:
        raise _unreadable()
    try:
        return datetime.fromisoformat(given.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:  # February 30th; outside of the years 1 to 9999 in UTC
        raise _unreadable() from error


def _unreadable() -> PydanticCustomError:
    return PydanticCustomError(
        "time_invalid", "give a date and a time with its offset by RFC 3339, such as 2026-03-01T10:00:00Z"
    )


Instant = Annotated[AwareDatetime, BeforeValidator(_moment)]
"""A date and a time of day with an offset, as RFC 3339 writes them; a moment in UTC when it is read."""
