"""A queue before `servers` workers: who came first is served first, by whoever is free first.

SQS promises no order, which changes who waits, not how long all wait together.
"""

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Served:
    """When each began and ended, in the order of arrival."""

    arrivals: Seconds
    begun: Seconds
    ended: Seconds

    @property
    def waits(self) -> Seconds:
        """How long each lay in the queue."""
        return self.begun - self.arrivals

    def deepest(self) -> int:
        """How many lay in the queue at once, at most."""
        return _most_at_once(self.arrivals, self.begun)

    def busiest(self) -> int:
        """How many were served at once, at most."""
        return _most_at_once(self.begun, self.ended)


def serve(arrivals: Seconds, services: Seconds, servers: int) -> Served:
    """Serve all; `arrivals` must ascend."""
    free = [0.0] * servers
    begun = np.empty_like(arrivals)
    for number, (arrival, service) in enumerate(zip(arrivals.tolist(), services.tolist(), strict=True)):
        start = max(arrival, free[0])
        heapq.heapreplace(free, start + service)
        begun[number] = start
    return Served(arrivals=arrivals, begun=begun, ended=begun + services)


def at_once(starts: Seconds, ends: Seconds, moments: Seconds) -> NDArray[np.int64]:
    """How many had started and not ended, at each of the moments."""
    started = np.searchsorted(np.sort(starts), moments, side="right")
    ended = np.searchsorted(np.sort(ends), moments, side="right")
    return started - ended


def _most_at_once(starts: Seconds, ends: Seconds) -> int:
    return int(at_once(starts, ends, starts).max(initial=0))
