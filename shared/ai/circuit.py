"""When a provider is left alone for a while, and when it is tried again: decisions from values.

A circuit belongs to one provider and one capability, and is one row that all functions share.

    closed      it is asked; failures in a row are counted, a success forgets them
    open        it is not asked before `opened_until`
    half-open   that moment has passed: one asker, the probe, moves it on and asks; its success closes the circuit,
                its failure opens it for longer

A provider that an administrator has switched off is not asked either, whatever its circuit is.

Times are the database's, never a worker's: their clocks differ.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.errors import VendorDown
from shared.switches.model import LOOK_AGAIN_SECONDS
from shared.values import frozen

FAILURES_TO_OPEN = 5
"""In a row, of all functions together."""

FIRST_WINDOW = timedelta(seconds=15)
LONGEST_WINDOW = timedelta(minutes=2)
"""How long a circuit stays open: the first time, twice as long after each failed probe, but never longer than this.
One call in two minutes harms no provider, and what waits begins to go on two to three minutes after it is back: as
many a minute as the sweep can announce, and workers take (docs/adr/0020).
"""

KEY_WINDOW = timedelta(minutes=10)
"""After our key or account was refused: somebody has to mend that, so asking soon again is of no use."""

LONGEST_ASKED_FOR = timedelta(hours=1)
"""What a Retry-After may ask for. A wrong header must not silence us for a day."""


@frozen
class Circuit:
    """What is known of a provider at the moment `at`. `failures` counts those in a row.

    `is_switched_off` is told where it is asked for: before and after a call, not while the row is locked.
    """

    provider: str
    capability: str
    failures: int = 0
    opened_at: datetime | None = None
    opened_until: datetime | None = None
    is_switched_off: bool = False
    at: datetime

    @property
    def is_closed(self) -> bool:
        """The provider may be asked."""
        return self.opened_until is None and not self.is_switched_off

    @property
    def is_spotless(self) -> bool:
        """A success would change nothing, so nothing need be written."""
        return self.opened_until is None and self.failures == 0

    @property
    def is_half_open(self) -> bool:
        """The time has come to try the provider again."""
        return self.opened_until is not None and self.opened_until <= self.at and not self.is_switched_off

    @property
    def wait_seconds(self) -> float:
        """How long the provider will not be asked; 0 when it may be."""
        least = LOOK_AGAIN_SECONDS if self.is_switched_off else 0.0
        return least if self.opened_until is None else max(least, (self.opened_until - self.at).total_seconds())


def with_probe_out(circuit: Circuit, probe_lasts: timedelta) -> Circuit:
    """A half-open circuit while one asks: closed to all others until the probe must have ended, however it ends."""
    return replace(circuit, opened_until=circuit.at + probe_lasts)


def after_success(circuit: Circuit) -> Circuit:
    """An answer was given, or content refused for good reason: the provider works."""
    return replace(circuit, failures=0, opened_at=None, opened_until=None)


def after_failure(circuit: Circuit, failure: VendorDown, *, was_probe: bool) -> Circuit:
    """The circuit after a call that failed.

    A call from before the circuit opened tells nothing new, unless it brings a longer Retry-After.
    """
    if not circuit.is_closed and not was_probe:
        until = circuit.at + (_asked_for(failure) or timedelta(0))
        return replace(circuit, opened_until=max(until, circuit.opened_until or until))
    failures = circuit.failures + 1
    window = _window(failures, failure, must_open=was_probe)
    if window is None:
        return replace(circuit, failures=failures)
    return replace(
        circuit,
        failures=failures,
        opened_at=circuit.opened_at or circuit.at,
        opened_until=circuit.at + window,
    )


def _window(failures: int, failure: VendorDown, *, must_open: bool) -> timedelta | None:
    """For how long the provider is left alone; None when it is asked on."""
    reasons = [_asked_for(failure), KEY_WINDOW if failure.failure == "our_key" else None]
    if must_open or failures >= FAILURES_TO_OPEN:
        doublings = min(max(0, failures - FAILURES_TO_OPEN), 20)
        reasons.append(min(FIRST_WINDOW * 2**doublings, LONGEST_WINDOW))
    return max((reason for reason in reasons if reason is not None), default=None)


def _asked_for(failure: VendorDown) -> timedelta | None:
    if failure.retry_after_seconds is None:
        return None
    return min(timedelta(seconds=failure.retry_after_seconds), LONGEST_ASKED_FOR)
