"""Builds the migrate function, run by a deploy before new code takes traffic."""

from typing import Any

from shared.config.environment import Settings as BaseSettings
from shared.config.environment import load
from shared.db.migrate import migrate
from shared.edge.operation import operation_handler


class Settings(BaseSettings):
    """What this function reads of its environment: a role that may create tables and roles."""

    database_url: str


settings = load(Settings)


def to_head(_event: dict[str, Any]) -> dict[str, str]:
    """Bring the database to the newest schema; doing so twice changes nothing."""
    migrate(settings.database_url)
    return {"schema": "head"}


handler = operation_handler(to_head)
