"""A worker that lives keeps its step; one that dies, or was overtaken, does not."""

from datetime import timedelta
from threading import Event, Thread
from threading import enumerate as enumerate_threads

import psycopg
import pytest

from dev.postgres import Postgres
from shared.db.connection import Database
from shared.jobs.keep_lease import keep_lease
from shared.jobs.model import LEASE, Step
from shared.sessions.announce_unheard import announce_unheard
from shared.sessions.finalize_session import finalize_session
from tests.fixtures.captured import Backend
from tests.fixtures.sweeping import pass_time

SOON = timedelta(milliseconds=10)
MOST_SECONDS = 20


@pytest.fixture
def claimed(backend: Backend) -> Step:
    """A step of a session of text that a worker has just taken."""
    user_id = backend.user()
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id)
    finalize_session(backend.db, backend.queue, user_id, session_id, ai=True)
    return backend.claim(user_id, backend.step(user_id, session_id, "embed").id)


def seconds_left(owner: psycopg.Connection, step: Step) -> float:
    query = "SELECT extract(epoch FROM lease_until - clock_timestamp())::float FROM job_steps WHERE id = %s"
    row = owner.execute(query, [step.id]).fetchone()
    assert row is not None
    return row[0]


def wait_until_renewed(owner: psycopg.Connection, step: Step, *, above: float) -> None:
    for _ in range(int(MOST_SECONDS / 0.01)):
        if seconds_left(owner, step) > above:
            return
        Event().wait(0.01)
    raise AssertionError("the lease was not renewed")


def heartbeats() -> list[Thread]:
    return [thread for thread in enumerate_threads() if thread.name == "heartbeat"]


def test_a_lease_is_renewed_for_as_long_as_its_worker_lives(
    backend: Backend, claimed: Step, owner: psycopg.Connection
) -> None:
    with keep_lease(backend.db, claimed, every=SOON):
        owner.execute("UPDATE job_steps SET lease_until = now() - interval '1 hour' WHERE id = %s", [claimed.id])
        wait_until_renewed(owner, claimed, above=LEASE.total_seconds() / 2)
        assert heartbeats()
    assert not heartbeats()


def test_a_step_that_was_taken_over_is_not_renewed(backend: Backend, claimed: Step, owner: psycopg.Connection) -> None:
    pass_time(owner, LEASE + timedelta(seconds=1))
    fresh = backend.claim(claimed.user_id, claimed.id)
    assert fresh.lease_token == claimed.lease_token + 1
    owner.execute("UPDATE job_steps SET lease_until = now() WHERE id = %s", [claimed.id])
    with keep_lease(backend.db, claimed, every=SOON):
        for heartbeat in heartbeats():
            heartbeat.join(MOST_SECONDS)
        assert not heartbeats()  # it ends by itself, when it was refused
    assert seconds_left(owner, claimed) <= 0


def test_a_beat_that_fails_is_made_good_by_the_next(
    claimed: Step, owner: psycopg.Connection, postgres: Postgres, database_name: str
) -> None:
    own = Database(postgres.url(database_name, role="second_brain_app"))
    with keep_lease(own, claimed, every=SOON):
        wait_until_renewed(owner, claimed, above=LEASE.total_seconds() / 2)
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = 'second_brain_app'"
        )
        owner.execute("UPDATE job_steps SET lease_until = now() WHERE id = %s", [claimed.id])
        wait_until_renewed(owner, claimed, above=LEASE.total_seconds() / 2)
    own.close()


def test_threads_take_turns_on_the_one_connection(backend: Backend, claimed: Step) -> None:
    """The breaker of a provider is read while the heartbeat beats: neither finds the other's transaction open."""
    with keep_lease(backend.db, claimed, every=timedelta(microseconds=100)):
        for _ in range(300):
            with backend.db.transaction(claimed.user_id) as tx:
                assert tx.execute("SELECT 1").fetchone() == (1,)


def test_what_a_dead_worker_held_is_announced_when_its_lease_ran_out_and_not_before(
    backend: Backend, claimed: Step, system_db: Database, owner: psycopg.Connection
) -> None:
    owner.execute("UPDATE job_steps SET state = 'completed' WHERE id <> %s", [claimed.id])
    assert announce_unheard(system_db, backend.queue) == 0
    pass_time(owner, LEASE + timedelta(seconds=1))
    assert announce_unheard(system_db, backend.queue) == 1
    assert announce_unheard(system_db, backend.queue) == 0


def test_a_step_nobody_takes_is_announced_ever_more_rarely(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id)
    finalize_session(backend.db, backend.queue, user_id, session_id, ai=True)
    silences = [announcing_takes(backend, system_db, owner) for _ in range(7)]
    assert silences == [30, 60, 120, 240, 480, 600, 600]


def announcing_takes(backend: Backend, system_db: Database, owner: psycopg.Connection) -> int:
    """For how many seconds, in tens, nothing is announced."""
    for seconds in range(0, 1_000, 10):
        if announce_unheard(system_db, backend.queue) > 0:
            return seconds
        pass_time(owner, timedelta(seconds=10))
    raise AssertionError("never announced again")
