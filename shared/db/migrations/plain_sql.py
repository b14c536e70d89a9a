"""Lets an Alembic revision be a pair of plain SQL files: one forward, one back."""

from pathlib import Path
from typing import cast

import psycopg
from alembic import op

_FOLDER = Path(__file__).parent / "sql"


def run(name: str) -> None:
    """Execute `sql/<name>` as it is, in the migration's transaction."""
    # Without parameters psycopg leaves colons and per cents alone.
    _driver().execute((_FOLDER / name).read_bytes())


def run_apart(name: str) -> None:
    """Execute each statement of `sql/<name>` by itself, outside any transaction, as indexes made CONCURRENTLY must be.

    A file of its own revision, whose statements end with `;` at the end of a line and may each be repeated: what was
    done stays done when a later one fails. An index that failed stays as an invalid one, so it is dropped first.
    """
    statements = (_FOLDER / name).read_text(encoding="utf-8").split(";\n")
    with op.get_context().autocommit_block():
        for statement in statements:
            if statement.strip():
                _driver().execute(statement.encode())


def _driver() -> "psycopg.Connection[tuple[object, ...]]":
    """Psycopg itself, in the transaction Alembic opened."""
    return cast("psycopg.Connection[tuple[object, ...]]", op.get_bind().connection.driver_connection)
