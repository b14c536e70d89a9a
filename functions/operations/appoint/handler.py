"""Builds the appoint function, which nothing wakes: an operator invokes it."""

from typing import Any

from functions.operations.appoint.order import carry_out
from functions.operations.appoint.schemas import AppointOrder
from shared.config.environment import Settings as BaseSettings
from shared.config.environment import load
from shared.db.connection import Database


class Settings(BaseSettings):
    """What this function reads of its environment: the owner of the tables, for no other role may appoint."""

    database_url: str


settings = load(Settings)
db = Database(settings.database_url)


def handler(event: dict[str, Any], _context: Any) -> dict[str, list[str]]:  # noqa: ANN401 - Lambda's own type
    """What was done, in words; a repeat changes nothing."""
    return {"told": carry_out(db, AppointOrder.model_validate(event))}
