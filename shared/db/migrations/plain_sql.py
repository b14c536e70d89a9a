"""Lets an Alembic revision be a pair of plain SQL files: one forward, one back."""

from pathlib import Path

from alembic import op

_FOLDER = Path(__file__).parent / "sql"


def run(name: str) -> None:
    """Execute `sql/<name>` as it is, in the migration's transaction."""
    # Psycopg itself, in the transaction Alembic opened: without parameters it leaves colons and per cents alone.
    op.get_bind().connection.driver_connection.execute((_FOLDER / name).read_text(encoding="utf-8"))
