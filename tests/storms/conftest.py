"""Fixtures of storms: the sessions function behind real HTTP, on real Postgres and queues at the socket."""

from collections.abc import Iterator

import pytest

from dev.postgres import Postgres
from shared.db.connection import Database
from tests.fakes.sqs_like import SqsLike, sqs_like
from tests.fixtures.captured import Backend
from tests.fixtures.storm import Storm, storm_on


@pytest.fixture
def backend(db: Database) -> Backend:
    return Backend(db=db)


@pytest.fixture
def queues() -> Iterator[SqsLike]:
    with sqs_like() as vendor:
        yield vendor


@pytest.fixture
def storm(postgres: Postgres, database_name: str, queues: SqsLike) -> Iterator[Storm]:
    with storm_on(postgres.url(database_name, role="second_brain_app"), queues.url) as the_storm:
        yield the_storm
