"""A connection of the owner on which nobody else migrates: two deploys at once wait for one another."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString, cast

import psycopg
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from shared.db.database_url import read_database_url
from shared.db.revision_plan import Revision
from shared.db.sign_in import sign_in
from shared.errors import Busy

WAIT_SECONDS = 60

_LOCK = 7_318_640_021_155_940
"""A number of our own, for nobody else of this database to take."""

_BEGINNING = (
    # A lock that is not had soon makes everybody queue up behind the one who waits for it.
    "SET lock_timeout = '5s'",
    "SET statement_timeout = '10min'",
    # A migration whose function was stopped must not go on: the server looks every 10 s whether somebody still listens.
    "SET client_connection_check_interval = '10s'",
)


@contextmanager
def sole_migrator(owner_url: str, *, wait_seconds: int = WAIT_SECONDS) -> Generator[Connection]:
    """It, until the block is left. Its lock is the session's: a pooler that shares sessions must not be in between.

    Raises:
        Busy: another one migrates, and did not end in time (`migration_running`).
    """
    url = read_database_url(owner_url)
    # A cluster that sleeps takes some 15 s to answer, and a deploy has time.
    connection = psycopg.connect(
        url.libpq, password=sign_in(url), autocommit=True, connect_timeout=60, keepalives_idle=15
    )
    try:
        _wait_for_the_lock(connection, wait_seconds)
        for statement in _BEGINNING:
            connection.execute(statement)
        connection.autocommit = False
        engine = create_engine("postgresql+psycopg://", creator=lambda: connection, poolclass=NullPool)
        with engine.connect() as wrapped:
            yield wrapped
    finally:
        connection.close()


def _wait_for_the_lock(connection: psycopg.Connection, wait_seconds: int) -> None:
    connection.execute("SELECT set_config('lock_timeout', %s, false)", [f"{wait_seconds}s"])
    try:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    except psycopg.errors.LockNotAvailable as error:
        raise Busy(
            f"Another deploy is migrating this database, and was not done in {wait_seconds} s. Deploy again later.",
            code="migration_running",
        ) from error


def current_revision(connection: Connection) -> str | None:
    """Where the database is; None when it is empty."""
    if _rows(connection, "SELECT 1 FROM pg_class WHERE oid = to_regclass('alembic_version')") == []:
        return None
    rows = _rows(connection, "SELECT version_num FROM alembic_version")
    return rows[0][0] if rows else None


def recorded_revisions(connection: Connection) -> Sequence[Revision]:
    """What was run of which release, also what this code does not know. From 0021 on: none before."""
    if _rows(connection, "SELECT 1 FROM pg_class WHERE oid = to_regclass('schema_revisions')") == []:
        return []
    rows = _rows(connection, "SELECT revision, phase, release, works_with FROM schema_revisions ORDER BY revision")
    return [Revision(id=row[0], phase=row[1], release=row[2], works_with=row[3]) for row in rows]


def _rows(connection: Connection, question: LiteralString) -> list[Any]:
    """They are read in a transaction of their own: Alembic begins each revision's itself."""
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    rows = driver.execute(question).fetchall()
    driver.rollback()
    return rows
