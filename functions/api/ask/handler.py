"""Builds the ask function."""

from functions.api.ask.routes import Routes
from shared.ai.budget import ASK_SECONDS, SEARCH_SECONDS
from shared.ai.chained_providers import ChainedAnswerer
from shared.ai.embedders import embedders_of
from shared.ai.http_answerer import PROMPT, HttpAnswerer
from shared.ai.http_embedder import HttpEmbedder
from shared.ai.prompt_file import load_prompt
from shared.ai.provider_chain import chain_of
from shared.ai.settings import ChatSettings, EmbeddingSettings
from shared.answers.ask_notes import Asking
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.http import http_handler
from shared.edge.rules import EdgeSettings, Rules


class Settings(EdgeSettings, EmbeddingSettings, ChatSettings):
    """What this function reads of its environment."""

    database_url: str
    ask_daily_tokens: int = 200_000


settings = load(Settings)
db = Database(settings.database_url)
# Circuits of its own: what is too slow for a person who waits may be soon enough for a worker. Search is as impatient.
asking = Asking(
    embedders=embedders_of(db, "search", settings, HttpEmbedder, total_seconds=SEARCH_SECONDS),
    answerer=ChainedAnswerer(
        chain_of(db, "ask", ChatSettings.endpoints(settings), HttpAnswerer, total_seconds=ASK_SECONDS)
    ),
    prompt=load_prompt(PROMPT),
    daily_tokens=settings.ask_daily_tokens,
)
routes = Routes(db=db, asking=asking)
handler = http_handler(routes.endpoints(), db, Rules.of(settings))
