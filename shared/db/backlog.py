"""What waits in a table: the answer every owner of one gives to an operator."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """How many rows wait for something, and for how many seconds the oldest has; None when there is none."""

    count: int
    oldest_seconds: float | None
