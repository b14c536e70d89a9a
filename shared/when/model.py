"""What reading a text for times gives: periods, where they are said, and what a question asks beside them."""

from datetime import UTC, datetime

from shared.values import frozen

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""Where a period begins that a question leaves open: "before March"."""

OPEN_END = datetime(2200, 1, 1, tzinfo=UTC)
"""Where a period ends that a question leaves open: "after March"."""


@frozen
class Period:
    """A stretch of time in UTC, `end` exclusive and later than `start`. A clock time is one minute long."""

    start: datetime
    end: datetime


@frozen
class Mention:
    """A time a text speaks of, said in `text[start:end]`. `is_exact`: a clock time, not a day or longer."""

    start: int
    end: int
    period: Period
    is_exact: bool


@frozen
class Question:
    """The period a question asks about, None if it names none, and its other words: empty if there are none."""

    period: Period | None
    rest: str
