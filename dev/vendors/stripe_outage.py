"""A switch that makes the local Stripe fail: for the tests of what we do when Stripe is down."""

import threading
from dataclasses import dataclass
from typing import Literal

FaultKind = Literal["server_error", "rate_limit", "hang", "cut"]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """How one request fails. `is_carried_out`: the work is done, and only its answer is lost."""

    kind: FaultKind
    is_carried_out: bool = False
    is_kept: bool = False
    """A 500 that Stripe keeps under the idempotency key, and gives again to whoever asks again."""
    retry_after_seconds: int | None = None
    hang_seconds: float = 10.0


class Outage:
    """The faults that the next requests run into. None at first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._fault: Fault | None = None
        self._left = 0

    def begin(self, fault: Fault, *, requests: int = 1) -> None:
        """The next so many requests fail."""
        with self._lock:
            self._fault, self._left = fault, requests

    def end(self) -> None:
        """All is well again."""
        with self._lock:
            self._left = 0

    def take(self) -> Fault | None:
        """What happens to this request; None if it may pass."""
        with self._lock:
            if self._left == 0:
                return None
            self._left -= 1
            return self._fault
