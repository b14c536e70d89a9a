"""What we need of a message queue to see how full it is."""

from typing import Protocol

from shared.values import frozen


@frozen
class Depth:
    """Messages of one queue: to be received, received and not yet deleted, not to be received yet. About so many."""

    visible: int
    in_flight: int
    delayed: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.visible + self.in_flight + self.delayed


class QueueDepths(Protocol):
    """Says how full named queues are."""

    def depth(self, queue: str) -> Depth:
        """About how many messages lie there. Raises VendorDown."""
        ...
