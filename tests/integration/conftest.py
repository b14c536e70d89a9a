"""Fixtures of tests that run use cases against the real Postgres."""

from collections.abc import Iterator

import psycopg
import pytest

from dev.postgres import Postgres
from shared.db.connection import Database
from shared.ids import UserId
from tests.fakes.fcm_like import fcm_like
from tests.fixtures.appointing import appointed
from tests.fixtures.captured import Backend
from tests.fixtures.counted_wire import counted_wire
from tests.fixtures.crowds import Crowd, crowd
from tests.fixtures.pushing import Telling


@pytest.fixture
def other_db(postgres: Postgres, database_name: str) -> Iterator[Database]:
    """The connection of a second function."""
    database = Database(postgres.url(database_name, role="second_brain_app"))
    yield database
    database.close()


@pytest.fixture
def backend(db: Database) -> Backend:
    """The parts use cases take: real Postgres, a queue and a bucket in memory."""
    return Backend(db=db)


@pytest.fixture
def administrator(backend: Backend, owner: psycopg.Connection) -> UserId:
    """Somebody who is appointed; use cases do not see tokens."""
    return appointed(owner, backend.user("administrator"))


@pytest.fixture
def many(postgres: Postgres, database_name: str) -> Iterator[Crowd]:
    """Forty connections for as many threads as a test wants."""
    with crowd(postgres.url(database_name, role="second_brain_app"), 40) as people:
        yield people


@pytest.fixture
def told(postgres: Postgres, database_name: str) -> Iterator[tuple[Database, list[str]]]:
    """A database that tells every message it is sent."""
    heard: list[str] = []

    def tell(text: str) -> bool:
        heard.append(text)
        return True

    with counted_wire(postgres.url("postgres").partition("?host=")[2], tell) as folder:
        database = Database(f"postgresql://second_brain_app@/{database_name}?host={folder}")
        yield database, heard
        database.close()


@pytest.fixture
def telling(backend: Backend, owner: psycopg.Connection) -> Iterator[Telling]:
    """Users with phones, and the real SDK in front of an FCM at the socket."""
    with fcm_like() as fcm:
        pusher = fcm.pusher()
        yield Telling(backend=backend, fcm=fcm, pusher=pusher, owner=owner)
        pusher.close()
