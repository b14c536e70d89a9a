"""Fixtures every suite shares: one embedded Postgres, and a migrated database of its own for each test."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from dev.postgres import Postgres
from shared.db.connection import Database
from shared.db.migrate import migrate

_NUMBERS = count()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A server of this run's own, stopped at its end."""
    folder: Path = tmp_path_factory.mktemp("postgres")
    server = Postgres.start(folder)
    _without_waiting_for_the_disk(server)
    server.create_database("template_of_tests")
    migrate(server.url("template_of_tests"))
    yield server
    server.stop()


def _without_waiting_for_the_disk(server: Postgres) -> None:
    """A power cut during the tests may cost this server its data; what a crash of a process costs is as ever."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes"):
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")


@pytest.fixture
def database_name(postgres: Postgres) -> Iterator[str]:
    """A fresh database with the newest schema, cloned from the migrated template; dropped afterwards."""
    name = f"test_{next(_NUMBERS)}"
    postgres.create_database(name, template="template_of_tests")
    yield name
    postgres.drop_database(name)


@pytest.fixture
def db(postgres: Postgres, database_name: str) -> Iterator[Database]:
    """The database as the API functions and workers see it: the role bound by row-level security."""
    database = Database(postgres.url(database_name, role="second_brain_app"))
    yield database
    database.close()


@pytest.fixture
def system_db(postgres: Postgres, database_name: str) -> Iterator[Database]:
    """The database as the sweep sees it."""
    database = Database(postgres.url(database_name, role="second_brain_system"))
    yield database
    database.close()


@pytest.fixture
def owner(postgres: Postgres, database_name: str) -> Iterator[psycopg.Connection]:
    """A connection past row-level security, to look at what is really there."""
    with psycopg.connect(postgres.url(database_name), autocommit=True) as connection:
        yield connection
