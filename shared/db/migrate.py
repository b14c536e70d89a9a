"""Moves a database to a revision of the schema, forward or back."""

from pathlib import Path

from alembic import command
from alembic.config import Config

_FOLDER = Path(__file__).parent / "migrations"


def migrate(owner_url: str, revision: str = "head") -> None:
    """Bring the database at `owner_url` (a role that may create tables and roles) to `revision`.

    "head" is the newest, "-1" one step back, "base" an empty database. Raises Alembic's CommandError
    for a revision this code does not know: a newer release has migrated, deploy that one.
    """
    move = command.downgrade if revision == "base" or revision.startswith("-") else command.upgrade
    move(_config(owner_url), revision)


def _config(owner_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    _, _, rest = owner_url.partition("://")
    driver_url = f"postgresql+psycopg://{rest}"
    config.set_main_option("sqlalchemy.url", driver_url.replace("%", "%%"))
    return config
