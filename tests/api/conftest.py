"""The API functions in this process: their own routes and edge, real Postgres, a queue and a bucket in memory."""

from collections.abc import Callable, Iterator, Mapping
from itertools import count

import psycopg
import pytest

from dev.postgres import Postgres
from functions.api.health.routes import Routes as HealthRoutes
from functions.api.profile.routes import Routes as ProfileRoutes
from functions.api.sessions.routes import Routes as SessionsRoutes
from functions.api.uploads.routes import Routes as UploadsRoutes
from shared.db.connection import Database
from shared.edge.http import Handler, http_handler
from tests.fixtures.captured import Backend
from tests.fixtures.phone import Phone

_NUMBERS = count()

NewPhone = Callable[[str], Phone]


@pytest.fixture(scope="module")
def api_database(postgres: Postgres) -> Iterator[str]:
    """One database for all tests of a module: each brings users of its own, who never meet."""
    name = f"api_{next(_NUMBERS)}"
    postgres.create_database(name, template="template_of_tests")
    yield name
    postgres.drop_database(name)


@pytest.fixture(scope="module")
def api_db(postgres: Postgres, api_database: str) -> Iterator[Database]:
    database = Database(postgres.url(api_database, role="second_brain_app"))
    yield database
    database.close()


@pytest.fixture
def api(api_db: Database) -> Backend:
    """What the functions are built on."""
    return Backend(db=api_db)


@pytest.fixture
def handlers(api: Backend) -> Mapping[str, Handler]:
    """Each API function by its name in the catalogue."""
    routes = {
        "health": HealthRoutes(db=api.db, queue=api.queue, store=api.store),
        "profile": ProfileRoutes(db=api.db),
        "sessions": SessionsRoutes(db=api.db, queue=api.queue),
        "uploads": UploadsRoutes(db=api.db, queue=api.queue, store=api.store),
    }
    return {name: http_handler(of_function.endpoints(), api.db) for name, of_function in routes.items()}


@pytest.fixture
def phone_of(handlers: Mapping[str, Handler]) -> NewPhone:
    """A new user's phone."""
    return lambda name: Phone(handlers=handlers, uid=f"{name}-{next(_NUMBERS)}")


@pytest.fixture
def alice(phone_of: NewPhone) -> Phone:
    return phone_of("alice")


@pytest.fixture
def bob(phone_of: NewPhone) -> Phone:
    return phone_of("bob")


@pytest.fixture
def everything(postgres: Postgres, api_database: str) -> Iterator[psycopg.Connection]:
    """A connection past row-level security, to look at what is really there."""
    with psycopg.connect(postgres.url(api_database), autocommit=True) as connection:
        yield connection
