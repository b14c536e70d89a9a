"""Does a chore's batches one after another, as long as there may be more of them."""

import time
from collections.abc import Callable

CHORE_SECONDS = 6.0
"""What one chore may take of a look, for the others are to have their turn: docs/adr/0020 adds them up."""


def repeat_while_full(batch: Callable[[], int], *, size: int, within_seconds: float = CHORE_SECONDS) -> int:
    """How many all batches found: the first one in any case, another while the last was full (`size`) and time is left.

    What is left then is the next look's. Raises what a batch raises.
    """
    began = time.monotonic()
    found = last = batch()
    while last >= size and time.monotonic() - began < within_seconds:
        last = batch()
        found += last
    return found
