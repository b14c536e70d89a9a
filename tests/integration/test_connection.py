"""The one connection: it comes back after every way of dying, and never says "nothing was changed" unless so."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql

from dev.postgres import Postgres
from shared.db.connection import Database, Transaction
from shared.errors import Busy, DatabaseUnavailable, Invalid, NotFound, OutcomeUnknown
from shared.ids import UserId, new_id
from tests.fixtures.postgres_wire import Wire, wire_to

INSERT = "INSERT INTO users (id, firebase_uid) VALUES (%s, %s)"


@pytest.fixture
def wire(postgres: Postgres) -> Iterator[Wire]:
    with wire_to(postgres.url("postgres").partition("?host=")[2]) as the_wire:
        yield the_wire


@pytest.fixture
def wired_db(wire: Wire, database_name: str) -> Iterator[Database]:
    database = Database(f"postgresql://second_brain_app@/{database_name}?host={wire.folder}")
    yield database
    database.close()


def within(db: Database, user_id: UserId | None, *moves: Callable[[Transaction], object]) -> None:
    """One transaction that makes these moves."""
    with db.transaction(user_id) as tx:
        for move in moves:
            move(tx)


def insert(user_id: UserId, name: str = "u") -> Callable[[Transaction], object]:
    return lambda tx: tx.execute(INSERT, [user_id, name])


def run(statement: LiteralString) -> Callable[[Transaction], object]:
    return lambda tx: tx.execute(statement)


def give_up(_: Transaction) -> None:
    raise NotFound


def backend_of(db: Database) -> int:
    with db.transaction(None) as tx:
        row: Any = tx.execute("SELECT pg_backend_pid()").fetchone()
    return row[0]


def kill(owner: psycopg.Connection, pid: int) -> None:
    """End a backend and wait until it is gone."""
    assert owner.execute("SELECT pg_terminate_backend(%s, 5000)", [pid]).fetchone() == (True,)


def add_user(db: Database, name: str = "u") -> UserId:
    user_id = UserId(new_id())
    within(db, user_id, insert(user_id, name))
    return user_id


def users(owner: psycopg.Connection) -> int:
    row: Any = owner.execute("SELECT count(*) FROM users").fetchone()
    return row[0]


def test_a_connection_that_died_while_idle_is_replaced(db: Database, owner: psycopg.Connection) -> None:
    kill(owner, backend_of(db))
    add_user(db)
    assert users(owner) == 1


def test_a_connection_killed_at_work_leaves_nothing_behind_and_says_so(db: Database, owner: psycopg.Connection) -> None:
    user_id = UserId(new_id())
    with pytest.raises(DatabaseUnavailable):
        within(db, user_id, insert(user_id), lambda tx: kill(owner, tx.info.backend_pid), run("SELECT 1"))
    assert users(owner) == 0
    add_user(db)
    assert users(owner) == 1


@pytest.mark.parametrize(("cut", "written"), [("before", 0), ("after", 1)])
def test_when_the_answer_to_commit_is_lost_the_outcome_is_unknown(
    wire: Wire, wired_db: Database, owner: psycopg.Connection, cut: Any, written: int
) -> None:
    user_id = UserId(new_id())
    with pytest.raises(OutcomeUnknown):
        within(wired_db, user_id, insert(user_id), lambda _: setattr(wire, "cut_commit", cut))
    wire.cut_commit = None
    # Whoever reads again sees the truth.
    with wired_db.transaction(user_id) as tx:
        assert tx.execute("SELECT count(*) FROM users").fetchone() == (written,)
    assert users(owner) == written


def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable):
        Database(f"postgresql://nobody@/nothing?host={tmp_path}").check()


def test_an_error_of_ours_rolls_back_and_the_connection_goes_on(db: Database, owner: psycopg.Connection) -> None:
    user_id = UserId(new_id())
    with pytest.raises(NotFound):
        within(db, user_id, insert(user_id), give_up)
    assert users(owner) == 0
    add_user(db)
    assert users(owner) == 1


def test_an_error_of_ours_over_a_dead_connection_stays_that_error(db: Database, owner: psycopg.Connection) -> None:
    with pytest.raises(NotFound):
        within(db, None, lambda tx: kill(owner, tx.info.backend_pid), give_up)
    add_user(db)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_text_that_cannot_be_stored_is_invalid(db: Database, text: str) -> None:
    with pytest.raises(Invalid):
        add_user(db, text)
    add_user(db)


def test_a_value_the_schema_refuses_is_invalid(db: Database) -> None:
    with pytest.raises(Invalid):
        add_user(db, "x" * 129)


def test_a_server_that_has_become_read_only_is_unavailable(db: Database, owner: psycopg.Connection) -> None:
    user_id = UserId(new_id())
    with pytest.raises(DatabaseUnavailable):
        within(db, user_id, run("SET TRANSACTION READ ONLY"), insert(user_id))
    add_user(db)
    assert users(owner) == 1


def test_a_transaction_idle_for_too_long_is_ended_and_nothing_was_written(
    db: Database, owner: psycopg.Connection
) -> None:
    user_id = UserId(new_id())
    with pytest.raises(DatabaseUnavailable):
        within(
            db,
            user_id,
            insert(user_id),
            run("SET LOCAL idle_in_transaction_session_timeout = '1ms'"),
            lambda tx: wait_for_the_end_of(owner, tx.info.backend_pid),
            run("SELECT 1"),
        )
    assert users(owner) == 0
    add_user(db)


def wait_for_the_end_of(owner: psycopg.Connection, pid: int) -> None:
    for _ in range(500):
        if owner.execute("SELECT FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone() is None:
            return
        owner.execute("SELECT pg_sleep(0.01)")
    raise AssertionError(f"backend {pid} lives on")


def test_a_lock_that_is_not_had_in_time_is_busy(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(db)
    with owner.transaction():
        owner.execute("SELECT FROM users WHERE id = %s FOR UPDATE", [user_id])
        with pytest.raises(Busy) as busy:
            within(db, user_id, run("SET LOCAL lock_timeout = '20ms'"), run("SELECT FROM users FOR UPDATE"))
    assert busy.value.exact_code == "busy"


def test_the_tenant_of_one_transaction_is_gone_in_the_next(db: Database) -> None:
    user_id = add_user(db)
    with db.transaction(user_id) as tx:
        assert tx.execute("SELECT count(*) FROM users").fetchone() == (1,)
    with db.transaction(None) as tx:
        assert tx.execute("SELECT count(*) FROM users").fetchone() == (0,)


def test_times_come_back_in_utc(db: Database, owner: psycopg.Connection, database_name: str) -> None:
    elsewhere = sql.SQL("ALTER DATABASE {} SET timezone = 'Asia/Tokyo'")
    owner.execute(elsewhere.format(sql.Identifier(database_name)))
    with db.transaction(None) as tx:
        row: Any = tx.execute("SELECT now()").fetchone()
    assert row[0].utcoffset().total_seconds() == 0


@pytest.mark.parametrize(("may_be_lost", "commit"), [(True, "off"), (False, "on")])
def test_only_what_may_be_lost_is_committed_without_waiting_for_the_disk(
    db: Database,
    may_be_lost: bool,  # noqa: FBT001 - a row of the table above
    commit: str,
) -> None:
    with db.transaction(None, may_be_lost=may_be_lost) as tx:
        assert tx.execute("SHOW synchronous_commit").fetchone() == (commit,)
    with db.transaction(None) as tx:
        assert tx.execute("SHOW synchronous_commit").fetchone() == ("on",)


def test_a_transaction_whose_error_was_swallowed_is_not_called_committed(db: Database) -> None:
    with pytest.raises(RuntimeError, match="swallowed"), db.transaction(None) as tx, suppress(psycopg.Error):
        tx.execute("SELECT 1 / 0")
    db.check()


def test_a_question_is_asked_again_when_the_connection_had_died(db: Database, owner: psycopg.Connection) -> None:
    kill(owner, backend_of(db))
    assert db.ask(lambda tx: tx.execute("SELECT 1").fetchone()) == (1,)


def test_a_question_without_a_server_is_unavailable_and_one_that_takes_too_long_is_busy(
    db: Database, tmp_path: Path
) -> None:
    with pytest.raises(DatabaseUnavailable):
        Database(f"postgresql:///x?host={tmp_path}").check()
    db.ask(lambda tx: tx.execute("SET statement_timeout = 50"))
    with pytest.raises(Busy):
        db.ask(lambda tx: tx.execute("SELECT pg_sleep(5)"))


def test_transactions_do_not_nest(db: Database) -> None:
    with pytest.raises(RuntimeError, match="nest"), db.transaction(None), db.transaction(None):
        pass
    db.check()


@pytest.mark.parametrize("place", ["&prepare_threshold=2", "&prepare_threshold=2&application_name=x"])
def test_statements_are_prepared_only_where_the_url_says_so(postgres: Postgres, database_name: str, place: str) -> None:
    url = postgres.url(database_name, role="second_brain_app")
    assert [prepared_of(url), prepared_of(url + place)] == [0, 1]


def prepared_of(url: str) -> int:
    """How many statements a connection has prepared after the same one came five times."""
    database = Database(url)
    try:
        for _ in range(5):
            database.ask(lambda tx: tx.execute("SELECT %s::int", [1]))
        row: Any = database.ask(lambda tx: tx.execute("SELECT count(*) FROM pg_prepared_statements").fetchone())
    finally:
        database.close()
    return row[0]


def test_a_plan_that_a_migration_made_useless_is_busy_for_a_moment(
    postgres: Postgres, database_name: str, owner: psycopg.Connection
) -> None:
    owner.execute("CREATE TABLE shape (x integer, y integer)")
    database = Database(postgres.url(database_name) + "&prepare_threshold=0")
    try:
        look(database)
        owner.execute("ALTER TABLE shape ALTER x TYPE bigint")
        with pytest.raises(Busy) as busy:
            look(database)
        assert busy.value.is_momentary
        look(database)
    finally:
        database.close()


def look(database: Database) -> None:
    database.ask(lambda tx: tx.execute("SELECT x FROM shape WHERE y = %s", [1]).fetchall())
