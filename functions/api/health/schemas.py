"""The wire shapes of health."""

from pydantic import BaseModel


class HealthOut(BaseModel):
    """GET /api/health: each part is `connected`, or `unreachable`."""

    status: str
    database: str
    queue: str
    storage: str
    version: str


class LiveOut(BaseModel):
    """GET /api/health/live."""

    status: str
    version: str
