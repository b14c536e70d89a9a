"""Writes what must not be lost because the database is busy for a moment: a provider was paid for it."""

import math
import random
import time
from collections.abc import Callable
from typing import TypeVar

from shared.errors import Busy

WrittenT = TypeVar("WrittenT")

_ATTEMPTS = 3
_FIRST_PAUSE_SECONDS = 0.3


def write_patiently(write: Callable[[], WrittenT], *, begun_within_seconds: float = math.inf) -> WrittenT:
    """What `write`, a transaction of its own, returns: tried again after 0.3 and 0.9 seconds, more or less.

    No try is begun later than `begun_within_seconds` after the first, for a person may be waiting. `write` must do
    nothing when an earlier try of it was committed after all, as after an OutcomeUnknown it may have been.

    Raises Busy when the last try is, too.
    """
    latest = time.monotonic() + begun_within_seconds
    for attempt in range(_ATTEMPTS - 1):
        try:
            return write()
        except Busy:
            pause = _FIRST_PAUSE_SECONDS * 3**attempt * random.uniform(0.5, 1.5)  # noqa: S311 - jitter, no secret
            if time.monotonic() + pause > latest:
                raise
            time.sleep(pause)
    return write()
