"""What waits in a table: the answer every owner of one gives to an operator."""

from shared.values import frozen


@frozen
class Backlog:
    """How many rows wait for something, and for how many seconds the oldest has; None when there is none."""

    count: int
    oldest_seconds: float | None
