"""Moves a database to a revision of the schema, forward or back."""

from alembic import command

from shared.db.migrations.alembic_config import alembic_config
from shared.db.migrations.sole_migrator import sole_migrator


def migrate(owner_url: str, revision: str = "head") -> None:
    """Bring the database at `owner_url` (a role that may create tables and roles) to `revision`.

    "head" is the newest, "-1" one step back, "base" an empty database. What a deploy does is update_schema. Raises
    Alembic's CommandError for a revision this code does not know, and Busy when somebody else migrates.
    """
    move = command.downgrade if revision == "base" or revision.startswith("-") else command.upgrade
    with sole_migrator(owner_url) as connection:
        move(alembic_config(connection), revision)
