"""Writes what must not be lost because the database is busy for a moment: a provider was paid for it."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from shared.errors import Busy

WrittenT = TypeVar("WrittenT")

_ATTEMPTS = 3
_FIRST_PAUSE_SECONDS = 0.3


def write_patiently(write: Callable[[], WrittenT]) -> WrittenT:
    """What `write`, a transaction of its own, returns: tried again after 0.3 and 0.9 seconds, more or less.

    Raises Busy when the last try is, too.
    """
    for attempt in range(_ATTEMPTS - 1):
        try:
            return write()
        except Busy:
            time.sleep(_FIRST_PAUSE_SECONDS * 3**attempt * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, no secret
    return write()
