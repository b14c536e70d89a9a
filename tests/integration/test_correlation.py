"""One id from the phone's request to the last message, whoever moves the session on in between."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from shared import telemetry
from shared.db.connection import Database
from shared.media.model import MediaType
from shared.sessions.announce_unheard import announce_unheard
from shared.sessions.edit_block import edit_block
from shared.sessions.register_upload import register_upload
from shared.sessions.stop_waiting import stop_waiting
from tests.fixtures.captured import FACTS, Backend
from tests.fixtures.enriching import Pipeline
from tests.fixtures.sweeping import pass_time

PHONE = "request-of-the-phone"


@pytest.fixture(autouse=True)
def nobody_before() -> Iterator[None]:
    telemetry.correlate("")
    yield
    telemetry.correlate("")


@pytest.fixture
def pipeline(backend: Backend) -> Pipeline:
    return Pipeline(backend=backend)


def ids_of(backend: Backend) -> list[tuple[str, str]]:
    return [(queue, message.correlation_id) for queue, message in backend.queue.sent]


def test_a_step_that_waited_for_its_upload_is_announced_for_the_request_that_made_it(backend: Backend) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    media = backend.media(user_id, session_id)
    telemetry.correlate(PHONE)
    Pipeline(backend=backend).finalize(user_id, session_id)
    telemetry.correlate("notice-of-the-bucket")
    register_upload(backend.db, backend.queue, media.object_key, FACTS)
    assert ids_of(backend) == [("transcribe", PHONE)]


def test_the_sweep_announces_again_for_the_request_that_made_the_step(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id)
    telemetry.correlate(PHONE)
    Pipeline(backend=backend).finalize(user_id, session_id)
    backend.queue.clear()
    telemetry.correlate("the-sweep")
    pass_time(owner, timedelta(hours=1))
    assert announce_unheard(system_db, backend.queue) == 2
    assert sorted(ids_of(backend)) == [("embed", PHONE), ("summarise", PHONE)]
    assert telemetry.correlation_id() == "the-sweep"


def test_what_the_sweep_lets_go_on_belongs_to_the_request_that_made_it(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id)
    backend.media(user_id, session_id)
    telemetry.correlate(PHONE)
    Pipeline(backend=backend).finalize(user_id, session_id)
    telemetry.correlate("the-sweep")
    pass_time(owner, timedelta(hours=25))
    assert stop_waiting(system_db, backend.store, backend.queue) == 1
    assert sorted(ids_of(backend)) == [("embed", PHONE), ("summarise", PHONE)]
    assert telemetry.correlation_id() == "the-sweep"


def test_an_edit_is_a_request_of_its_own(pipeline: Pipeline) -> None:
    backend = pipeline.backend
    user_id = backend.user()
    session_id = backend.session(user_id)
    block = backend.marker(user_id, session_id)
    telemetry.correlate(PHONE)
    pipeline.finalize(user_id, session_id)
    assert {correlation_id for _, correlation_id in ids_of(backend)} == {PHONE}
    pipeline.work_off()
    telemetry.correlate("the-edit")
    edit_block(backend.db, backend.queue, user_id, session_id, block.id, text="Remember the bread.", metadata=None)
    assert ids_of(backend) == [("embed", "the-edit")]


def test_a_step_made_before_the_id_was_kept_is_announced_all_the_same(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id)
    Pipeline(backend=backend).finalize(user_id, session_id)
    owner.execute("UPDATE job_steps SET correlation_id = NULL")
    backend.queue.clear()
    telemetry.correlate("the-sweep")
    pass_time(owner, timedelta(hours=1))
    announce_unheard(system_db, backend.queue)
    assert {correlation_id for _, correlation_id in ids_of(backend)} == {"the-sweep"}


def test_media_rejected_under_another_request_keeps_the_first_ones_id(backend: Backend) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id)
    media = backend.media(user_id, session_id, MediaType.IMAGE, size=FACTS.size_bytes + 1)
    telemetry.correlate(PHONE)
    Pipeline(backend=backend).finalize(user_id, session_id)
    telemetry.correlate("notice-of-the-bucket")
    register_upload(backend.db, backend.queue, media.object_key, FACTS)
    assert sorted(ids_of(backend)) == [("embed", PHONE), ("summarise", PHONE)]
