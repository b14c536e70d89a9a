"""Times as values."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Period:
    """From `start` up to, and without, `end`; both aware."""

    start: datetime
    end: datetime
