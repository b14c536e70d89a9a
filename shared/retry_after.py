"""What a vendor's Retry-After asks for.

https://www.rfc-editor.org/rfc/rfc9110.html#field.retry-after
"""

import math
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

_MAX_WAIT_SECONDS = 43_200  # the longest a queue can hold a message back


def retry_after_seconds(headers: Mapping[str, str]) -> int | None:
    """A number of seconds, or a date, which is compared with the answer's own Date; None when neither can be read.

    `headers` are asked by their lower-case names.
    """
    asked = headers.get("retry-after")
    if asked is None:
        return None
    try:
        seconds = float(asked)
    except ValueError:
        seconds = _seconds_between(headers.get("date"), asked)
    return min(max(1, math.ceil(seconds)), _MAX_WAIT_SECONDS) if math.isfinite(seconds) else None


def _seconds_between(now: str | None, then: str) -> float:
    try:
        return (parsedate_to_datetime(then) - parsedate_to_datetime(now or "")).total_seconds()
    except (ValueError, TypeError):
        return math.nan
