"""What a user's day may cost: set aside before a call, counted by its price, never more than the cap."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from shared.ai.capabilities import Usage
from shared.ai.record_usage import record_usage
from shared.ai.release_spend import release_spend
from shared.ai.reserve_spend import MOST_CENTS, reserve_spend
from shared.answers.reserve_tokens import reserve_tokens
from shared.db.connection import Database
from shared.errors import SpendCapReached
from shared.ids import UserId, new_id
from shared.sessions.announce_unheard import announce_unheard
from shared.sessions.model import SessionStatus
from tests.fixtures.captured import Backend
from tests.fixtures.crowds import Crowd
from tests.fixtures.enriching import Pipeline
from tests.fixtures.security_table import RecordSecurity, SecurityRow
from tests.fixtures.sweeping import pass_time

DAY_SECONDS = 86_400
CENT_A_MILLION = Usage(
    provider="openai",
    model="text-embedding-3-small",
    operation="embed",
    input_tokens=500_000,
    tokens=500_000,
    at=datetime(2026, 11, 1, tzinfo=UTC),
)
"""One cent, by the tariff's two cents for a million tokens."""


def cap(owner: psycopg.Connection, user_id: UserId, cents: int) -> None:
    owner.execute("UPDATE users SET daily_spend_cents = %s WHERE id = %s", [cents, user_id])


def may(db: Database, user_id: UserId, ref: Any = None) -> bool:
    with db.transaction(user_id) as tx:
        return reserve_spend(tx, user_id, ref or new_id()) == 0


def spent(owner: psycopg.Connection, user_id: UserId) -> float:
    row: Any = owner.execute("SELECT spent_cents FROM spending WHERE user_id = %s", [user_id]).fetchone()
    return 0 if row is None else float(row[0])


@pytest.fixture
def user_id(backend: Backend) -> UserId:
    return backend.user()


def test_calls_under_way_are_held_back_by_the_cap_and_go_on_when_one_is_over(
    db: Database, owner: psycopg.Connection, user_id: UserId
) -> None:
    cap(owner, user_id, 2 * MOST_CENTS)
    first = new_id()
    assert [may(db, user_id, first), may(db, user_id), may(db, user_id)] == [True, True, False]
    with db.transaction(user_id) as tx:
        release_spend(tx, user_id, first)
    assert may(db, user_id)


def test_money_that_is_only_set_aside_is_waited_for_by_the_minute(
    db: Database, owner: psycopg.Connection, user_id: UserId
) -> None:
    cap(owner, user_id, MOST_CENTS)
    assert may(db, user_id)
    with db.transaction(user_id) as tx:
        assert reserve_spend(tx, user_id, new_id()) == 60


def test_the_same_step_again_sets_its_money_aside_once(
    db: Database, owner: psycopg.Connection, user_id: UserId
) -> None:
    cap(owner, user_id, MOST_CENTS)
    step = new_id()
    assert [may(db, user_id, step) for _ in range(3)] == [True] * 3
    assert not may(db, user_id)


def test_what_is_written_down_is_counted_and_the_next_day_begins_at_nothing(
    db: Database, owner: psycopg.Connection, user_id: UserId
) -> None:
    cap(owner, user_id, MOST_CENTS + 1)
    with db.transaction(user_id) as tx:
        record_usage(tx, user_id, replace(CENT_A_MILLION, wasted=(CENT_A_MILLION,)))
    assert spent(owner, user_id) == 2
    assert not may(db, user_id)
    owner.execute("UPDATE spending SET day = day - 1")
    assert may(db, user_id)
    assert spent(owner, user_id) == 0


def test_what_nobody_let_go_of_is_free_when_no_function_can_be_at_it_any_more(
    db: Database, owner: psycopg.Connection, user_id: UserId
) -> None:
    cap(owner, user_id, MOST_CENTS)
    assert may(db, user_id)
    owner.execute("UPDATE spend_reservations SET held_until = held_until - interval '14 minutes'")
    assert not may(db, user_id)
    owner.execute("UPDATE spend_reservations SET held_until = held_until - interval '1 minute'")
    assert may(db, user_id)
    assert owner.execute("SELECT count(*) FROM spend_reservations").fetchone() == (1,)


def test_at_midnight_calls_under_way_are_still_counted(
    db: Database, owner: psycopg.Connection, user_id: UserId
) -> None:
    cap(owner, user_id, 2 * MOST_CENTS)
    assert [may(db, user_id), may(db, user_id)] == [True, True]
    owner.execute("UPDATE spending SET day = day - 1")
    assert not may(db, user_id)


def test_who_begins_a_call_does_not_wait_for_an_old_one_that_is_written_down(
    db: Database, other_db: Database, owner: psycopg.Connection, user_id: UserId
) -> None:
    """Each would wait for what the other has locked: the old reservation, and what is spent today."""
    old = new_id()
    assert may(db, user_id, old)
    owner.execute("UPDATE spend_reservations SET held_until = now()")
    with db.transaction(user_id) as writing:
        release_spend(writing, user_id, old)
        assert may(other_db, user_id)
        record_usage(writing, user_id, CENT_A_MILLION)
    assert spent(owner, user_id) == 1


def test_moving_to_another_model_is_not_the_users_expense(
    db: Database, owner: psycopg.Connection, user_id: UserId
) -> None:
    with db.transaction(user_id) as tx:
        record_usage(tx, user_id, replace(CENT_A_MILLION, operation="reembed"))
    assert spent(owner, user_id) == 0


def test_a_storm_of_calls_never_costs_more_than_the_cap(
    many: Crowd, owner: psycopg.Connection, user_id: UserId, record_security: RecordSecurity
) -> None:
    """Each costs the most a call may cost."""
    cap(owner, user_id, 10 * MOST_CENTS + 3)
    dearest = replace(CENT_A_MILLION, input_tokens=MOST_CENTS * 500_000, tokens=0)

    def call(db: Database) -> bool:
        ref = new_id()
        if not may(db, user_id, ref):
            return False
        with db.transaction(user_id) as tx:
            release_spend(tx, user_id, ref)
            record_usage(tx, user_id, dearest)
        return True

    made = sum(many.all_at_once([call] * 100))
    assert (made, spent(owner, user_id)) == (10, 10 * MOST_CENTS)
    size = f"100 calls of {MOST_CENTS} cents at once, cap of {10 * MOST_CENTS + 3} cents a day"
    record_security(
        SecurityRow(test="storm on one day's money", size=size, found=f"{made} made, {made * MOST_CENTS} cents")
    )


def test_a_question_without_money_is_refused_and_costs_no_tokens(
    db: Database, owner: psycopg.Connection, user_id: UserId
) -> None:
    cap(owner, user_id, 0)
    with pytest.raises(SpendCapReached) as refused, db.transaction(user_id) as tx:
        reserve_tokens(tx, user_id, tokens=100, daily_tokens=1_000)
    assert 1 <= (refused.value.retry_after_seconds or 0) <= DAY_SECONDS
    assert owner.execute("SELECT count(*) FROM token_budgets").fetchone() == (0,)


def test_a_step_without_money_waits_for_the_next_day_and_nobody_is_asked(
    backend: Backend, system_db: Database, owner: psycopg.Connection, user_id: UserId
) -> None:
    pipeline = Pipeline(backend=backend)
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id, "Milk.")
    pipeline.finalize(user_id, session_id)
    cap(owner, user_id, 0)
    pipeline.work_off()
    step = backend.step(user_id, session_id, "embed")
    assert (step.state, step.reason, step.attempts) == ("ready", "spend_cap", 0)
    assert (pipeline.embedder.calls, pipeline.summariser.calls) == (0, 0)
    cap(owner, user_id, 500)
    pass_time(owner, timedelta(seconds=DAY_SECONDS + 1))
    assert announce_unheard(system_db, backend.queue) >= 1
    pipeline.work_off()
    assert backend.status(user_id, session_id) is SessionStatus.PROCESSED
    assert owner.execute("SELECT count(*) FROM spend_reservations").fetchone() == (0,)
