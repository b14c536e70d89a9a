"""Builds the appoint function, which nothing wakes: an operator invokes it."""

from typing import Any

from functions.operations.appoint.order import carry_out
from functions.operations.appoint.schemas import AppointOrder
from shared.config.environment import Settings as BaseSettings
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.operation import operation_handler


class Settings(BaseSettings):
    """What this function reads of its environment: the owner of the tables, for no other role may appoint."""

    database_url: str


settings = load(Settings)
db = Database(settings.database_url)


def appoint(event: dict[str, Any]) -> dict[str, list[str]]:
    """What was done, in words; a repeat changes nothing."""
    return {"told": carry_out(db, AppointOrder.model_validate(event))}


handler = operation_handler(appoint)
