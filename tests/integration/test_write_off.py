"""What a call cost is counted once, whatever becomes of the COMMIT that wrote it down."""

from collections.abc import Iterator

import psycopg
import pytest

from dev.postgres import Postgres
from shared.db.connection import Database
from shared.jobs.model import StepState
from tests.fixtures.captured import Backend, count_of
from tests.fixtures.enriching import Pipeline
from tests.fixtures.postgres_wire import Cut, Wire, wire_to


@pytest.fixture
def wire(postgres: Postgres) -> Iterator[Wire]:
    with wire_to(postgres.url("postgres").partition("?host=")[2]) as the_wire:
        yield the_wire


@pytest.fixture
def pipeline(wire: Wire, database_name: str) -> Iterator[Pipeline]:
    """Reaches its database through the wire."""
    database = Database(f"postgresql://second_brain_app@/{database_name}?host={wire.folder}")
    yield Pipeline(backend=Backend(db=database))
    database.close()


@pytest.mark.parametrize("cut", ["before", "after"])
def test_a_call_is_counted_once_though_nobody_heard_of_its_commit(
    pipeline: Pipeline, wire: Wire, owner: psycopg.Connection, cut: Cut
) -> None:
    user_id = pipeline.backend.user()
    session_id = pipeline.backend.session(user_id)
    pipeline.backend.marker(user_id, session_id)
    pipeline.finalize(user_id, session_id)
    embedding = next(sent for sent in pipeline.backend.queue.sent if sent[0] == "embed")

    def cut_the_next() -> None:
        wire.cut_commit = cut

    pipeline.embedder.meanwhile = cut_the_next
    pipeline.deliver(*embedding)
    assert pipeline.backend.step(user_id, session_id, "embed").state is StepState.COMPLETED
    assert (count_of(owner, "ai_usage", user_id), count_of(owner, "spend_reservations", user_id)) == (1, 0)
