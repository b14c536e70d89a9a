"""The gateway's own token buckets: one for each route, for all callers together."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from dev.gateway.routing import GatewayRoute
from functions.catalogue import Throttle


@dataclass(kw_only=True)
class _Bucket:
    throttle: Throttle
    tokens: float
    filled_at: float

    def take(self, now: float) -> bool:
        gained = (now - self.filled_at) * self.throttle.per_second
        self.tokens, self.filled_at = min(self.throttle.burst, self.tokens + gained), now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


@dataclass(kw_only=True)
class Throttles:
    """What each route has left. `clock` tells seconds, and never goes back."""

    clock: Callable[[], float] = time.monotonic
    _buckets: dict[str, _Bucket] = field(default_factory=dict[str, _Bucket])

    def lets_through(self, route: GatewayRoute) -> bool:
        """Whether one more request may pass now; always, on a route without a throttle."""
        if route.throttle is None:
            return True
        now = self.clock()
        fresh = _Bucket(throttle=route.throttle, tokens=route.throttle.burst, filled_at=now)
        return self._buckets.setdefault(route.key, fresh).take(now)
