"""Builds the profile function."""

from functions.api.profile.routes import Routes
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.http import http_handler
from shared.edge.rules import EdgeSettings, Rules


class Settings(EdgeSettings):
    """What this function reads of its environment."""

    database_url: str


settings = load(Settings)
db = Database(settings.database_url)
handler = http_handler(Routes(db=db).endpoints(), db, Rules.of(settings))
