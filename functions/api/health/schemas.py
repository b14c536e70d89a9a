"""The wire shapes of health."""

from shared.values import frozen


@frozen
class HealthOut:
    """GET /api/health: each part is `connected`, or `unreachable`; a database older than the code is `outdated`."""

    status: str
    database: str
    queue: str
    storage: str
    version: str


@frozen
class LiveOut:
    """GET /api/health/live."""

    status: str
    version: str
