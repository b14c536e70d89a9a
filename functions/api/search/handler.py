"""Builds the search function."""

from functions.api.search.routes import Routes
from shared.ai.budget import SEARCH_SECONDS
from shared.ai.embedders import embedders_of
from shared.ai.http_embedder import HttpEmbedder
from shared.ai.settings import EmbeddingSettings
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.http import http_handler
from shared.edge.rules import EdgeSettings, Rules


class Settings(EdgeSettings, EmbeddingSettings):
    """What this function reads of its environment."""

    database_url: str


settings = load(Settings)
db = Database(settings.database_url)
# A circuit of its own: what is too slow for a person who waits may be soon enough for a worker.
embedders = embedders_of(db, "search", settings, HttpEmbedder, total_seconds=SEARCH_SECONDS)
routes = Routes(db=db, embedders=embedders)
handler = http_handler(routes.endpoints(), db, Rules.of(settings))
