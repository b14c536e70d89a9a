"""Builds the payments function."""

from functions.api.payments.routes import Routes
from shared.config.environment import Settings as BaseSettings
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.http import http_handler
from shared.payments.packages import read_packages


class Settings(BaseSettings):
    """What this function reads of its environment."""

    database_url: str
    credit_packages: str = ""


settings = load(Settings)
db = Database(settings.database_url)
handler = http_handler(Routes(db=db, packages=read_packages(settings.credit_packages)).endpoints(), db)
