"""The state of a stage with a known backlog, of several users at once."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from shared.db.connection import Database
from shared.errors import Forbidden
from shared.ids import UserId
from shared.jobs.model import StepKind, StepState
from shared.metrics import gathered
from shared.outbox.queue_depths import Depth
from shared.sessions.finalize_session import finalize_session
from shared.status.model import QueueStatus, Status
from shared.status.read_status import read_status
from shared.status.read_tables import read_tables
from shared.status.report_backlog import report_backlog
from tests.fakes.memory_queue import MemoryQueue
from tests.fixtures.captured import Backend, complete
from tests.fixtures.measured import measured, metric_lines
from tests.fixtures.sweeping import pass_time

QUEUES = ("transcribe", "embed")
EMPTY = Depth(visible=0, in_flight=0, delayed=0)


@pytest.fixture
def busy(backend: Backend) -> Backend:
    """Two users: one step running, one ready, one waiting for its upload, two for text, one completed."""
    alice, bob = backend.user("alice"), backend.user("bob")
    spoken, written = backend.session(alice), backend.session(bob)
    backend.media(alice, spoken)
    backend.marker(bob, written)
    for user_id, session_id in ((alice, spoken), (bob, written)):
        finalize_session(backend.db, backend.queue, user_id, session_id, ai=True)
    backend.claim(bob, backend.step(bob, written, "embed").id)
    other = backend.session(bob)
    backend.marker(bob, other)
    finalize_session(backend.db, backend.queue, bob, other, ai=True)
    complete(backend.db, bob, backend.step(bob, other, "embed").id)
    return backend


def state(status: Status) -> dict[tuple[str, str], int]:
    return {(step.kind, step.state): step.count for step in status.tables.steps}


def test_an_empty_stage_is_well(administrator: UserId, system_db: Database) -> None:
    status = read_status(system_db, administrator, MemoryQueue(), QUEUES)
    assert status.concerns == []
    assert status.queues == [QueueStatus(name=name, depth=EMPTY, dead_letters=0) for name in QUEUES]
    tables = status.tables
    assert [tables.steps, tables.stuck, tables.breakers] == [[], [], []]
    assert {
        (part.count, part.oldest_seconds) for part in (tables.jobs, tables.outbox, tables.inbox, tables.uploads)
    } == {(0, None)}


def test_what_waits_is_counted_over_all_users_with_the_age_of_the_oldest(
    administrator: UserId, busy: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    pass_time(owner, timedelta(minutes=3))
    owner.execute("UPDATE outbox SET published_at = NULL WHERE queue = 'summarise'")
    status = read_status(system_db, administrator, busy.queue, QUEUES)
    assert state(status) == {
        ("transcribe", "waiting"): 1,
        ("embed", "waiting"): 1,
        ("summarise", "waiting"): 1,
        ("embed", "running"): 1,
        ("embed", "completed"): 1,
        ("summarise", "ready"): 2,
    }
    unfinished = [step for step in status.tables.steps if step.state is not StepState.COMPLETED]
    assert all(step.oldest_seconds is not None and 180 <= step.oldest_seconds < 600 for step in unfinished)
    tables = status.tables
    assert (tables.jobs.count, tables.outbox.count, tables.uploads.count) == (3, 2, 1)
    for backlog in (tables.outbox, tables.uploads):
        assert backlog.oldest_seconds is not None
        assert 180 <= backlog.oldest_seconds < 600
    assert [concern.code for concern in status.concerns] == ["outbox_late"]


def test_ended_steps_are_those_of_the_last_day(
    administrator: UserId, busy: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    pass_time(owner, timedelta(hours=25))
    assert ("embed", "completed") not in state(read_status(system_db, administrator, busy.queue, QUEUES))


def test_a_step_put_off_or_leased_or_waiting_for_others_is_not_stuck(
    administrator: UserId, busy: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    pass_time(owner, timedelta(minutes=11))
    owner.execute("UPDATE job_steps SET due_at = now() + interval '1 hour' WHERE state = 'ready'")
    owner.execute("UPDATE job_steps SET lease_until = now() + interval '10 s' WHERE state = 'running'")
    assert read_status(system_db, administrator, busy.queue, QUEUES).tables.stuck == []


def test_a_step_that_does_not_move_is_stuck_and_named_the_oldest_first(
    administrator: UserId, busy: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    owner.execute("UPDATE job_steps SET correlation_id = 'phone-1', changed_at = now() - interval '9 minutes'")
    assert read_status(system_db, administrator, busy.queue, QUEUES).concerns == []
    pass_time(owner, timedelta(minutes=2))
    owner.execute("UPDATE job_steps SET lease_until = now() + interval '10 s' WHERE state = 'running'")
    status = read_status(system_db, administrator, busy.queue, QUEUES)
    assert [concern.code for concern in status.concerns] == ["steps_stuck"]
    assert {(step.kind, step.state, step.correlation_id) for step in status.tables.stuck} == {
        (StepKind.SUMMARISE, StepState.READY, "phone-1")
    }
    ages = [step.age_seconds for step in status.tables.stuck]
    assert ages == sorted(ages, reverse=True)
    assert all(660 <= age < 1_200 for age in ages)


def test_a_lease_that_ran_out_long_ago_and_an_upload_past_its_deadline_are_stuck(
    administrator: UserId, busy: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    pass_time(owner, timedelta(hours=25))
    stuck = read_status(system_db, administrator, busy.queue, QUEUES).tables.stuck
    assert {(step.kind, step.state) for step in stuck} == {
        (StepKind.TRANSCRIBE, StepState.WAITING),
        (StepKind.EMBED, StepState.RUNNING),
        (StepKind.SUMMARISE, StepState.READY),
    }


def test_queues_are_shown_with_their_dead_letters(administrator: UserId, system_db: Database) -> None:
    queue = MemoryQueue()
    queue.depths = {
        "embed": Depth(visible=5, in_flight=2, delayed=1),
        "embed-dlq": Depth(visible=3, in_flight=1, delayed=0),
    }
    status = read_status(system_db, administrator, queue, QUEUES)
    assert status.queues == [
        QueueStatus(name="transcribe", depth=EMPTY, dead_letters=0),
        QueueStatus(name="embed", depth=queue.depths["embed"], dead_letters=4),
    ]
    assert [concern.code for concern in status.concerns] == ["dead_letters"]


def test_a_queue_service_that_is_down_does_not_hide_the_tables(
    administrator: UserId, busy: Backend, system_db: Database
) -> None:
    busy.queue.down.add("embed")
    status = read_status(system_db, administrator, busy.queue, QUEUES)
    assert [(queue.depth, queue.dead_letters) for queue in status.queues] == [(EMPTY, 0), (None, None)]
    assert [concern.code for concern in status.concerns] == ["queues_unreachable"]
    assert status.tables.jobs.count == 3


def test_open_breakers_are_shown_until_they_close(
    administrator: UserId, system_db: Database, owner: psycopg.Connection
) -> None:
    owner.execute(
        """
        INSERT INTO circuit_breakers (provider, capability, failures, opened_at, opened_until) VALUES
          ('groq', 'speech', 5, now(), now() + interval '1 hour'),
          ('openai', 'chat', 5, now(), now() - interval '1 second'),
          ('openai', 'embedding', 1, NULL, NULL)
        """
    )
    status = read_status(system_db, administrator, MemoryQueue(), QUEUES)
    (breaker,) = status.tables.breakers
    assert (breaker.provider, breaker.capability, breaker.failures) == ("groq", "speech", 5)
    assert breaker.opened_until > datetime.now(UTC)
    assert status.concerns == []


@pytest.mark.usefixtures("busy")
def test_the_sweep_measures_the_backlog_in_metrics_of_one_line(
    system_db: Database, owner: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    pass_time(owner, timedelta(minutes=3))
    owner.execute("UPDATE outbox SET published_at = NULL WHERE queue = 'summarise'")
    capsys.readouterr()
    with gathered():
        assert report_backlog(system_db) == 6
    printed = capsys.readouterr().out
    assert len(metric_lines(printed)) == 1
    told = {metric.name: metric.values[0] for metric in measured(printed)}
    counts = ("steps_waiting", "steps_ready", "steps_running", "steps_stuck", "jobs_unfinished", "outbox_unsent")
    assert [told[name] for name in counts] == [3, 2, 1, 0, 3, 2]
    assert (told["uploads_pending"], told["inbox_received"], told["breakers_open"]) == (1, 0, 0)
    assert 180 <= told["outbox_lag_s"] < 600
    assert told["inbox_lag_s"] == 0


def test_the_app_role_sees_no_administrator_and_so_nothing_at_all(administrator: UserId, busy: Backend) -> None:
    with pytest.raises(Forbidden):
        read_status(busy.db, administrator, busy.queue, QUEUES)


def test_the_app_role_counts_nothing_of_others(busy: Backend) -> None:
    with busy.db.transaction(None) as tx:
        tables = read_tables(tx)
    assert (list(tables.steps), tables.jobs.count, tables.outbox.count, tables.uploads.count) == ([], 0, 0, 0)
