"""Death after every statement and around every call outside: two sweeps later nothing tells that it happened."""

from collections.abc import Iterator

import psycopg
import pytest

from dev.postgres import Postgres
from shared.account.admit_caller import Arrival, admit_caller
from shared.db.connection import Database
from shared.enrichment.bury_step import bury_step
from shared.ids import SessionId, UserId
from shared.outbox.publish_overdue import publish_overdue
from shared.sessions.finalize_session import finalize_session
from shared.sessions.model import SessionStatus
from shared.sessions.process_session import process_session
from tests.fakes.sqs_like import sqs_like
from tests.fixtures.captured import Backend, ledger_of, set_credits
from tests.fixtures.kill_points import Life, Work, deaths, mortal
from tests.fixtures.mortal_backend import MortalBackend, dies_everywhere

OPEN, PENDING, NO_CREDITS = SessionStatus.OPEN, SessionStatus.PENDING_PROCESSING, SessionStatus.NO_CREDITS
TRIAL, DEBIT, REFUND = (3, "trial"), (-1, "session"), (1, "refund")


@pytest.fixture
def world(
    backend: Backend, postgres: Postgres, database_name: str, system_db: Database, owner: psycopg.Connection
) -> Iterator[MortalBackend]:
    url = postgres.url(database_name, role="second_brain_app")
    with sqs_like() as queues, mortal(url) as process:
        queues.told = process.passed
        yield MortalBackend(backend=backend, queues=queues, process=process, system_db=system_db, owner=owner)


def committed(life: Life) -> bool:
    return any("COMMIT" in point for point in life.points)


@pytest.mark.parametrize("repeats", [True, False])
@pytest.mark.parametrize(
    ("with_media", "steps", "queues"), [(True, 4, ["transcribe"]), (False, 2, ["embed", "summarise"])]
)
def test_a_finalize_that_dies_anywhere_happened_once_or_not_at_all(
    world: MortalBackend, *, with_media: bool, steps: int, queues: list[str], repeats: bool
) -> None:
    def finalize(db: Database, user_id: UserId, session_id: SessionId) -> object:
        return finalize_session(db, world.queues.queue(), user_id, session_id, ai=True)

    def look(life: Life, user_id: UserId, session_id: SessionId) -> None:
        if repeats:
            assert finalize(world.backend.db, user_id, session_id) is PENDING
        world.sweep()
        if repeats or committed(life):
            world.is_under_way(user_id, session_id, steps=steps)
            assert ledger_of(world.owner, user_id) == [TRIAL, DEBIT]
        else:
            world.never_began(user_id, session_id, OPEN)
            assert ledger_of(world.owner, user_id) == [TRIAL]

    points = dies_everywhere(world, lambda: world.captured(with_media=with_media), finalize, look)
    assert sum("INSERT INTO credit_ledger" in point for point in points) == 1
    sends = {f"{when} the send to {name}" for when in ("before", "after") for name in queues}
    assert sends == {point for point in points if "the send to" in point}


@pytest.mark.parametrize("repeats", [True, False])
def test_a_finalize_without_credits_that_dies_anywhere_costs_nothing(world: MortalBackend, *, repeats: bool) -> None:
    def without_credits() -> tuple[UserId, SessionId]:
        user_id, session_id = world.captured(with_media=False)
        set_credits(world.owner, user_id, 0)
        return user_id, session_id

    def finalize(db: Database, user_id: UserId, session_id: SessionId) -> object:
        return finalize_session(db, world.queues.queue(), user_id, session_id, ai=True)

    def look(life: Life, user_id: UserId, session_id: SessionId) -> None:
        if repeats:
            assert finalize(world.backend.db, user_id, session_id) is NO_CREDITS
        world.sweep()
        world.never_began(user_id, session_id, NO_CREDITS if repeats or committed(life) else OPEN)

    dies_everywhere(world, without_credits, finalize, look)


@pytest.mark.parametrize("repeats", [True, False])
def test_a_processing_that_dies_anywhere_is_paid_once_or_not_begun(world: MortalBackend, *, repeats: bool) -> None:
    def without_credits_then_with() -> tuple[UserId, SessionId]:
        user_id, session_id = world.captured(with_media=True)
        set_credits(world.owner, user_id, 0)
        assert world.finalize(user_id, session_id) is NO_CREDITS
        set_credits(world.owner, user_id, 1)
        return user_id, session_id

    def process(db: Database, user_id: UserId, session_id: SessionId) -> object:
        return process_session(db, world.queues.queue(), user_id, session_id)

    def look(life: Life, user_id: UserId, session_id: SessionId) -> None:
        if repeats:
            process(world.backend.db, user_id, session_id)
        world.sweep()
        if repeats or committed(life):
            world.is_under_way(user_id, session_id, steps=4)
            assert ledger_of(world.owner, user_id)[-1] == DEBIT
        else:
            world.never_began(user_id, session_id, NO_CREDITS)

    points = dies_everywhere(world, without_credits_then_with, process, look)
    assert "after the send to transcribe" in points


def test_a_refund_that_dies_anywhere_is_given_once(world: MortalBackend) -> None:
    """The message that could not be handled comes back until its worker lives through it."""

    def under_way() -> tuple[UserId, SessionId]:
        user_id, session_id = world.captured(with_media=False)
        assert world.finalize(user_id, session_id) is PENDING
        return user_id, session_id

    def bury(db: Database, user_id: UserId, session_id: SessionId) -> object:
        step = world.backend.step(user_id, session_id, "embed")
        started_by = step.correlation_id or ""
        return bury_step(db, world.queues.queue(), user_id=user_id, step_id=step.id, started_by=started_by)

    def look(_: Life, user_id: UserId, session_id: SessionId) -> None:
        bury(world.backend.db, user_id, session_id)
        world.sweep()
        assert world.of_session(user_id, session_id) == ("failed", 1, 2)
        assert world.ready(user_id) == set()
        assert ledger_of(world.owner, user_id) == [TRIAL, DEBIT, REFUND]

    points = dies_everywhere(world, under_way, bury, look)
    assert any("credit_ledger" in point for point in points)


def test_a_sweep_that_dies_anywhere_is_made_good_by_the_next_two(world: MortalBackend) -> None:
    def unsent() -> tuple[UserId, SessionId]:
        user_id, session_id = world.captured(with_media=False)
        world.backend.queue.down |= {"embed", "summarise"}
        finalize_session(world.backend.db, world.backend.queue, user_id, session_id, ai=True)
        world.age()
        return user_id, session_id

    def publish(_: Database, _user_id: UserId, _session_id: SessionId) -> object:
        return publish_overdue(as_system, world.queues.queue())

    def look(_: Life, user_id: UserId, session_id: SessionId) -> None:
        world.sweep()
        world.is_under_way(user_id, session_id, steps=2)

    as_system = Database(world.process.url.replace("second_brain_app", "second_brain_system"))
    points = dies_everywhere(world, unsent, publish, look)
    assert "after the send to summarise" in points


def test_a_first_request_that_dies_anywhere_leaves_one_user_with_one_trial(world: MortalBackend) -> None:
    names = [f"newcomer-{number}" for number in range(100)]
    uids, seen = iter(names), list[str]()

    def prepare() -> Work:
        seen.append(next(uids))
        return lambda db: arrive(db, seen[-1])

    for _ in deaths(world.process, prepare):
        assert ledger_of(world.owner, arrive(world.backend.db, seen[-1])) == [TRIAL]
    assert len(seen) > 8  # as many as there are statements, and one life that is whole


def arrive(db: Database, uid: str) -> UserId:
    return admit_caller(db, Arrival(firebase_uid=uid, email=None)).user.id
