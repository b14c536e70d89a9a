"""Fixtures every suite shares: one embedded Postgres, and a migrated database of its own for each test."""

import gc
import os
from collections.abc import Iterator
from importlib import import_module
from itertools import count

import psycopg
import pytest

from dev.postgres import Postgres
from shared.db.connection import Database
from tests.fixtures import security_table
from tests.fixtures.fault_table import keep, printed, rows_of
from tests.fixtures.ledger_facts import broken_facts
from tests.fixtures.security_table import RecordSecurity, SecurityRow
from tests.fixtures.seeds import VARIABLE, seed_of_this_run
from tests.fixtures.throwaway_postgres import Clones, throwaway_postgres

_NUMBERS = count()

_LONGEST_FIRST = (
    "tests/faults/test_killed_anywhere.py",
    "tests/e2e/test_fuzzed_api.py",
    "tests/guards/",
    "tests/integration/test_payment_orders.py",
    "tests/faults/",
    "tests/e2e/",
    "tests/integration/",
)
"""Files are shared out among workers in this order, the others last: a long one at the end would keep only one busy."""


def pytest_configure() -> None:
    # Before workers are started: all of them, and what they start, share the one seed that is printed.
    os.environ[VARIABLE] = str(seed_of_this_run())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        fits = (number for number, start in enumerate(_LONGEST_FIRST) if item.nodeid.startswith(start))
        return next(fits, len(_LONGEST_FIRST))

    items.sort(key=place)


def pytest_collection_finish() -> None:
    # Modules and tests stay until the end: to look again and again for what of them could go was a tenth of the run,
    # and each fork of this process had to copy what was looked at.
    import_module("hypothesis")  # if nobody did: it looks for whoever refers to something, and finds no frozen ones
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    rows = rows_of(report.user_properties for report in terminalreporter.getreports("passed"))
    if rows:
        terminalreporter.write(printed(rows, terminalreporter._tw.fullwidth))
        keep(rows)
    tried = security_table.rows_of(report.user_properties for report in terminalreporter.getreports("passed"))
    if tried:
        terminalreporter.write(security_table.printed(tried, terminalreporter._tw.fullwidth))
    terminalreporter.write_line(f"chance began at {VARIABLE}={seed_of_this_run()}")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server of this run's own, stopped at its end."""
    with throwaway_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def clones(postgres: Postgres) -> Iterator[Clones]:
    """Over one connection: to open one for each would take about as long as the clone."""
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        yield Clones(connection)


@pytest.fixture
def database_name(clones: Clones) -> Iterator[str]:
    """A fresh database with the newest schema, cloned from the migrated template; dropped afterwards."""
    name = f"test_{os.getpid()}_{next(_NUMBERS)}"  # a server may be lent to another process
    clones.make(name)
    yield name
    clones.drop(name)


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


@pytest.fixture
def record_security(request: pytest.FixtureRequest) -> RecordSecurity:
    """Keeps a row for the table of what was tried, which is printed at the end of the run."""

    def record(row: SecurityRow) -> None:
        request.node.user_properties.append(security_table.as_property(row))

    return record


@pytest.fixture(autouse=True)
def every_balance_is_the_sum_of_its_ledger(request: pytest.FixtureRequest) -> Iterator[None]:
    """Asked after every test that has a database, of every user in it: whatever the test was about."""
    wanted = {"database_name", "api_database"} & set(request.fixturenames)
    of_module = request.getfixturevalue("everything") if "api_database" in wanted else None
    of_test = request.getfixturevalue("database_name") if "database_name" in wanted else None
    yield
    if of_module is not None:  # a connection that is there: a new one would take ten times as long as the question
        assert broken_facts(of_module) == []
    if of_test is not None:
        with psycopg.connect(request.getfixturevalue("postgres").url(of_test), autocommit=True) as connection:
            assert broken_facts(connection) == []
