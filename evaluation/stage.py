"""A database with all lives of the corpus in it, and the local models, while an evaluation lasts."""

import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from rich.console import Console
from rich.progress import track

from dev.postgres import Postgres
from dev.providers import provider_settings
from evaluation.captured_life import CapturedLife, capture_life
from evaluation.corpus_model import Corpus
from shared.ai.capabilities import Endpoint
from shared.ai.http_embedder import HttpEmbedder
from shared.db.connection import Database
from shared.db.migrate import migrate
from tests.fixtures.local_ai import PATIENCE_SECONDS, running_local_ai

_DATABASE = "evaluation"


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What questions are asked on. `settings` are the providers' ("CHAT_MODEL"...), all of them local."""

    db: Database
    embedder: HttpEmbedder
    settings: Mapping[str, str]
    lives: Sequence[CapturedLife]


@contextmanager
def stage_of(corpus: Corpus, console: Console) -> Generator[Stage]:
    """Every life captured and embedded; a minute or two, with progress. The canaries lie among their lives' notes."""
    with tempfile.TemporaryDirectory() as folder, running_local_ai() as ai:
        settings = provider_settings({}, local_url=ai.address)
        embedder = HttpEmbedder(endpoint_of(settings, "EMBEDDING"), timeout_seconds=PATIENCE_SECONDS)
        postgres = Postgres.start(Path(folder))
        try:
            with _databases(postgres) as (db, owner):
                lives = [
                    capture_life(
                        db,
                        owner,
                        embedder,
                        life,
                        others=[note for note in corpus.canaries if note.life == life.id],
                    )
                    for life in track(corpus.lives, description="capturing", console=console, transient=True)
                ]
                owner.execute("VACUUM ANALYZE")
                yield Stage(db=db, embedder=embedder, settings=settings, lives=lives)
        finally:
            embedder.close()
            postgres.stop()


def endpoint_of(settings: Mapping[str, str], capability: str) -> Endpoint:
    """Where a capability ("EMBEDDING", "CHAT") is bought."""
    return Endpoint(
        provider=settings[f"{capability}_PROVIDER"],
        base_url=settings[f"{capability}_BASE_URL"],
        model=settings[f"{capability}_MODEL"],
        api_key=settings[f"{capability}_API_KEY"],
    )


@contextmanager
def _databases(postgres: Postgres) -> Generator[tuple[Database, psycopg.Connection]]:
    postgres.create_database(_DATABASE)
    migrate(postgres.url(_DATABASE))
    db = Database(postgres.url(_DATABASE, role="second_brain_app"))
    with psycopg.connect(postgres.url(_DATABASE), autocommit=True) as owner:
        yield db, owner
    db.close()
