"""Lets an Alembic revision be a pair of plain SQL files: one forward, one back."""

from pathlib import Path
from typing import cast

import psycopg
from alembic import op

_FOLDER = Path(__file__).parent / "sql"


def run(name: str) -> None:
    """Execute `sql/<name>` as it is, in the migration's transaction."""
    # Psycopg itself, in the transaction Alembic opened: without parameters it leaves colons and per cents alone.
    connection = cast("psycopg.Connection", op.get_bind().connection.driver_connection)
    connection.execute((_FOLDER / name).read_bytes())
