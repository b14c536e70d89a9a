"""How much of everything: the whole benchmark, or a quick look."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Numbers of sessions, and seconds."""

    warm: int
    paced_seconds: int
    per_second: int
    burst: int
    killed_workers: int
    """Sessions under way when workers are killed."""
    killed_api: int
    """Sessions whose finalize is between COMMIT and the queue when the API's process is killed."""
    watched_seconds: int
    """How long a killed session is waited for."""

    @property
    def paced(self) -> int:
        """Sessions of the paced part."""
        return self.paced_seconds * self.per_second


WHOLE = Sizes(warm=20, paced_seconds=60, per_second=5, burst=200, killed_workers=12, killed_api=3, watched_seconds=100)
QUICK = Sizes(warm=10, paced_seconds=12, per_second=5, burst=60, killed_workers=6, killed_api=2, watched_seconds=75)
