"""Builds the search function."""

from functions.api.search.routes import Routes
from shared.ai.capabilities import Endpoint
from shared.ai.http_embedder import HttpEmbedder
from shared.config.environment import Settings as BaseSettings
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.http import http_handler


class Settings(BaseSettings):
    """What this function reads of its environment."""

    database_url: str
    embedding_provider: str
    embedding_base_url: str
    embedding_model: str
    embedding_api_key: str


settings = load(Settings)
db = Database(settings.database_url)
embedder = HttpEmbedder(
    Endpoint(
        provider=settings.embedding_provider,
        base_url=settings.embedding_base_url,
        model=settings.embedding_model,
        api_key=settings.embedding_api_key,
    )
)
handler = http_handler(Routes(db=db, embedder=embedder).endpoints(), db)
