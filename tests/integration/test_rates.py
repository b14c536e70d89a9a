"""The bucket: no more than its capacity and what it gained, whoever asks at once, whatever the clocks say."""

import time
from collections.abc import Callable

import psycopg
import pytest

from shared.account.admit_caller import Arrival, admit_caller
from shared.db.connection import Database
from shared.errors import TooManyRequests
from shared.idempotency.model import Claim
from shared.ids import new_id
from shared.limits.model import Rate, RouteClass
from tests.fixtures.captured import Backend
from tests.fixtures.crowds import Crowd
from tests.fixtures.security_table import RecordSecurity, SecurityRow

FIVE = Rate(capacity=5, per_minute=60)


def comes(db: Database, name: str = "alice", route_class: RouteClass = "write", rate: Rate = FIVE) -> bool:
    """Whether one more request is let in."""
    try:
        admit_caller(db, Arrival(firebase_uid=name, email=None, rate=(route_class, rate)))
    except TooManyRequests:
        return False
    return True


def empty(db: Database, name: str = "alice") -> None:
    assert [comes(db, name) for _ in range(6)] == [True] * 5 + [False]


def pass_seconds(owner: psycopg.Connection, seconds: float) -> None:
    owner.execute("UPDATE rate_buckets SET filled_at = filled_at - make_interval(secs => %s)", [seconds])


def test_a_bucket_gives_its_capacity_and_then_what_it_gained(
    db: Database, owner: psycopg.Connection, backend: Backend
) -> None:
    backend.user()
    empty(db)
    pass_seconds(owner, 2)
    assert [comes(db) for _ in range(3)] == [True, True, False]
    pass_seconds(owner, 3_600)
    empty(db)


def test_the_refusal_says_when_there_is_room_again(db: Database, backend: Backend) -> None:
    backend.user()
    slow = Rate(capacity=1, per_minute=2)
    assert comes(db, rate=slow)
    with pytest.raises(TooManyRequests) as refused:
        admit_caller(db, Arrival(firebase_uid="alice", email=None, rate=("write", slow)))
    assert 1 <= (refused.value.retry_after_seconds or 0) <= 30


def test_classes_and_users_have_buckets_of_their_own(db: Database, backend: Backend) -> None:
    backend.user("alice")
    backend.user("bob")
    empty(db)
    assert comes(db, route_class="read")
    assert comes(db, "bob")


def test_a_moment_that_is_behind_the_last_one_gains_nothing(
    db: Database, owner: psycopg.Connection, backend: Backend
) -> None:
    """The clock was ten minutes ahead: what it gained meanwhile is not gained once more."""
    backend.user()
    assert [comes(db) for _ in range(4)] == [True] * 4
    pass_seconds(owner, -600)
    assert [comes(db), comes(db)] == [True, False]
    pass_seconds(owner, 2)
    assert not comes(db)


def test_of_a_refused_request_nothing_else_is_done(db: Database, owner: psycopg.Connection, backend: Backend) -> None:
    backend.user()
    empty(db)
    claim = Claim(key="key", fingerprint=b"f", id=new_id())
    with pytest.raises(TooManyRequests):
        admit_caller(db, Arrival(firebase_uid="alice", email=None, rate=("write", FIVE), claim=claim, begins=True))
    db.let_go()
    assert owner.execute("SELECT count(*) FROM idempotency_keys").fetchone() == (0,)


def test_a_storm_is_granted_no_more_than_capacity_and_what_was_gained(
    many: Crowd, backend: Backend, record_security: RecordSecurity
) -> None:
    backend.user()
    rate = Rate(capacity=10, per_minute=300)
    began = time.monotonic()

    def insists(db: Database) -> int:
        return sum(comes(db, rate=rate) for _ in range(20))

    work: list[Callable[[Database], int]] = [insists] * 40
    granted = sum(many.all_at_once(work))
    bound = rate.capacity + rate.per_second * (time.monotonic() - began)
    assert rate.capacity <= granted <= bound
    size = f"{40 * 20} requests over 40 connections, bucket of {rate.capacity} and {rate.per_second:.0f} a second"
    record_security(
        SecurityRow(test="storm on one bucket", size=size, found=f"{granted} granted of {bound:.1f} at most")
    )
