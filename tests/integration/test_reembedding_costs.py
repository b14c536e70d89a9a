"""What moving users cost is counted once, whatever comes of the call; what is in one user's way holds up no other."""

from collections.abc import Callable
from typing import Literal

import psycopg
import pytest

from dev.postgres import Postgres
from shared.ai.capabilities import Usage
from shared.ai.vendor_errors import costing
from shared.db.connection import Database
from shared.errors import VendorDown
from shared.ids import UserId
from tests.fixtures.captured import Backend
from tests.fixtures.moving import NEW, OLD, Moving
from tests.fixtures.postgres_wire import wire_to

NOTES = ("Oat milk.", "The boiler is loud.")
"""Of 10 tokens each, in one call."""


@pytest.fixture
def moving(backend: Backend, system_db: Database, owner: psycopg.Connection) -> Moving:
    return Moving(backend=backend, system_db=system_db, owner=owner)


def reembedded(moving: Moving, user_id: UserId) -> list[int]:
    """The tokens of each call that is kept."""
    rows = moving.owner.execute(
        "SELECT tokens_used FROM ai_usage WHERE user_id = %s AND operation_type = 'reembed' ORDER BY created_at",
        [user_id],
    ).fetchall()
    return [tokens for (tokens,) in rows]


def once(moving: Moving, meanwhile: Callable[[], object]) -> None:
    """Let that happen while the next call is under way, and no other."""

    def happen() -> None:
        moving.new.meanwhile = lambda: None
        meanwhile()

    moving.new.meanwhile = happen


def test_what_a_provider_made_before_it_failed_is_counted(moving: Moving) -> None:
    user_id = moving.user(*NOTES)
    usage = Usage(provider=moving.new.provider, model=NEW, operation="embed", tokens=7)
    moving.new.failure = costing(VendorDown("away"), usage)
    assert moving.run() == 0
    assert (reembedded(moving, user_id), moving.tokens_today()) == ([7], 7)


def test_a_user_of_whom_something_is_held_is_left_until_the_next_run_and_what_was_paid_is_counted(
    moving: Moving, postgres: Postgres, database_name: str
) -> None:
    user_id, other = moving.user(*NOTES), moving.user("Of another user.")
    session_id = moving.sessions(user_id)[0]
    with moving.system_db.transaction(None) as tx:
        tx.execute("SET lock_timeout = '20ms'")  # of the connection, from now on
    with psycopg.connect(postgres.url(database_name)) as somebody:
        once(moving, lambda: somebody.execute("SELECT FROM sessions WHERE id = %s FOR UPDATE", [session_id]))
        assert moving.run() == 1
    assert (moving.model(user_id), moving.model(other)) == (OLD, NEW)
    assert (reembedded(moving, user_id), moving.tokens_today()) == ([20], 30)
    assert moving.run() == 1
    assert (reembedded(moving, user_id), moving.tokens_today()) == ([20, 20], 50)


def test_a_user_who_is_deleted_while_a_call_is_under_way_holds_nobody_up_and_the_days_tokens_are_told(
    moving: Moving,
) -> None:
    user_id, other = moving.user(*NOTES), moving.user("Of another user.")
    once(moving, lambda: moving.owner.execute("DELETE FROM users WHERE id = %s", [user_id]))
    assert moving.run() == 1
    assert moving.model(other) == NEW
    assert (reembedded(moving, user_id), moving.tokens_today()) == ([], 30)


@pytest.mark.parametrize("cut", ["before", "after"])
def test_a_call_is_counted_once_whether_the_commit_or_only_its_answer_was_lost(
    backend: Backend, owner: psycopg.Connection, postgres: Postgres, database_name: str, cut: Literal["before", "after"]
) -> None:
    with wire_to(postgres.url("postgres").partition("?host=")[2]) as wire:
        wired = Database(f"postgresql://second_brain_system@/{database_name}?host={wire.folder}")
        moving = Moving(backend=backend, system_db=wired, owner=owner)
        user_id = moving.user(*NOTES)
        once(moving, lambda: setattr(wire, "cut_commit", cut))
        moving.run()
        wired.close()
    assert (reembedded(moving, user_id), moving.tokens_today()) == ([20], 20)
