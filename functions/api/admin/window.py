"""The stretch of time a list is asked for: a month at most, so that looking costs a month at most."""

from datetime import UTC, datetime, timedelta

from shared.errors import Invalid

LONGEST = timedelta(days=31)


def window(
    since: datetime | None, until: datetime | None, *, otherwise: timedelta = LONGEST
) -> tuple[datetime, datetime]:
    """From when, and until when: until now, and for as long as `otherwise`, where nobody says.

    Raises Invalid for one that is longer than a month, or ends before it begins.
    """
    end = until or datetime.now(UTC)
    begin = since or end - otherwise
    if not timedelta(0) <= end - begin <= LONGEST:
        raise Invalid(f"From `from` to `to` there may be {LONGEST.days} days at most, and none backwards.")
    return begin, end
