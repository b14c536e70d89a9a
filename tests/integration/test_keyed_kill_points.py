"""A request with an Idempotency-Key, killed after each of its statements: its repeat has the one effect it should."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from dev.postgres import Postgres
from functions.api.sessions.routes import Routes
from shared.db.connection import Database
from shared.edge.http import http_handler
from tests.fakes.memory_queue import MemoryQueue
from tests.fixtures.captured import Backend, count_of
from tests.fixtures.kill_points import Mortal, Work, deaths, mortal
from tests.fixtures.phone import Answer, Phone


@pytest.fixture
def process(postgres: Postgres, database_name: str) -> Iterator[Mortal]:
    with mortal(postgres.url(database_name, role="second_brain_app")) as one:
        yield one


def create(db: Database, key: str) -> Answer:
    """A session whose id nobody but us chooses: without the key each would be a new one."""
    handler = http_handler(Routes(db=db, queue=MemoryQueue()).endpoints(), db)
    phone = Phone(handlers={"sessions": handler}, uid="alice")
    return phone.call("POST", "/api/sessions", {"session_type": "voice"}, headers={"idempotency-key": key})


def test_wherever_it_dies_the_repeat_makes_one_session_and_answers_it(
    backend: Backend, db: Database, owner: psycopg.Connection, process: Mortal
) -> None:
    user_id = backend.user()
    keys: list[str] = []

    def prepare() -> Work:
        keys.append(str(uuid4()))
        return lambda mortal_db: create(mortal_db, keys[-1])

    made: set[str] = set()
    for _ in deaths(process, prepare):
        while_it_may_live = create(db, keys[-1])
        assert while_it_may_live.status in {201, 409}
        owner.execute("UPDATE idempotency_keys SET claimed_until = now() WHERE key = %s", [keys[-1]])
        answer = create(db, keys[-1])
        assert answer.status == 201
        made.add(answer.json()["id"])
        assert create(db, keys[-1]).body == answer.body
        assert count_of(owner, "sessions", user_id) == len(made) == len(keys)
    assert len(keys) >= 4  # admission, INSERT, the answer, COMMIT
