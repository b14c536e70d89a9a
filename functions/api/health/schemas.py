"""The wire shapes of health."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class HealthOut:
    """GET /api/health: each part is `connected`, or `unreachable`; a database older than the code is `outdated`."""

    status: str
    database: str
    queue: str
    storage: str
    version: str


@dataclass(frozen=True, kw_only=True)
class LiveOut:
    """GET /api/health/live."""

    status: str
    version: str
