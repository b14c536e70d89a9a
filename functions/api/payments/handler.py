"""Builds the payments function."""

from functions.api.payments.routes import Routes
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.http import http_handler
from shared.edge.rules import EdgeSettings, Rules
from shared.payments.packages import read_packages


class Settings(EdgeSettings):
    """What this function reads of its environment."""

    database_url: str
    credit_packages: str = ""


settings = load(Settings)
db = Database(settings.database_url)
routes = Routes(db=db, packages=read_packages(settings.credit_packages))
handler = http_handler(routes.endpoints(), db, Rules.of(settings))
