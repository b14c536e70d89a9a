"""Builds reembed: every five minutes it moves users on to the current embedding model, while anybody is on another."""

from shared.ai.budget import WORKER_SECONDS
from shared.ai.embedders import embedders_of
from shared.ai.http_embedder import HttpEmbedder
from shared.ai.settings import EmbeddingSettings
from shared.config.environment import load
from shared.db.connection import Database
from shared.edge.schedule import schedule_handler
from shared.reembedding.clear_moved import clear_moved
from shared.reembedding.reembed_users import reembed_users
from shared.reembedding.settings import ReembeddingSettings


class Settings(EmbeddingSettings, ReembeddingSettings):
    """What this function reads of its environment."""

    database_url: str


settings = load(Settings)
db = Database(settings.database_url)
# A circuit of its own: a provider that wants fewer texts an hour is not to be left alone by people's new notes.
embedders = embedders_of(db, "reembedding", settings, HttpEmbedder, total_seconds=WORKER_SECONDS)
handler = schedule_handler(
    {
        "clear_moved": lambda: clear_moved(db),
        "reembed_users": lambda: reembed_users(db, embedders, tokens_a_day=settings.reembed_tokens_a_day),
    }
)
