"""Where Alembic finds the revisions, and on which connection it runs them."""

from pathlib import Path

from alembic.config import Config
from sqlalchemy import Connection

_FOLDER = Path(__file__).parent
VERSIONS = _FOLDER / "versions"


def alembic_config(connection: Connection | None = None, *, versions: tuple[Path, ...] = (VERSIONS,)) -> Config:
    """For our own revisions; with a connection to run them on. A test gives more folders of revisions than one."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("version_locations", "\n".join(map(str, versions)))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    return config
