"""Builds the search function."""

from functions.api.search.routes import Routes
from shared.ai.http_embedder import HttpEmbedder
from shared.ai.settings import EmbeddingSettings
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.http import http_handler


class Settings(EmbeddingSettings):
    """What this function reads of its environment."""

    database_url: str


settings = load(Settings)
db = Database(settings.database_url)
routes = Routes(db=db, embedder=HttpEmbedder(settings.endpoint()))
handler = http_handler(routes.endpoints(), db)
