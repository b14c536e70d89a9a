"""Builds the sync function."""

from functions.api.sync.routes import Routes
from shared.config.environment import Settings as BaseSettings
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.http import http_handler


class Settings(BaseSettings):
    """What this function reads of its environment."""

    database_url: str


settings = load(Settings)
db = Database(settings.database_url)
handler = http_handler(Routes(db=db).endpoints(), db)
