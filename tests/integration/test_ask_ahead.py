"""What is asked before a request, and the transaction begun with it: one message, taken over once, never leaking."""

import psycopg
import pytest

from shared.account.admit_caller import Arrival, admit_caller
from shared.db.connection import Database
from shared.db.selection import Selection
from shared.errors import Busy, Invalid
from shared.identity.confine import confine
from shared.ids import UserId
from tests.fixtures.captured import Backend

ONE = Selection(statement="SELECT 1 AS number", values={}, row=dict[str, int])
WRONG = Selection(statement="SELECT %(text)s::integer AS number", values={"text": "x"}, row=dict[str, int])


def tenant(tx: psycopg.Connection) -> str | None:
    row = tx.execute("SELECT current_setting('app.user_id', true)").fetchone()
    assert row is not None
    return row[0]


def arrive(db: Database, name: str = "alice", *, begins: bool = True) -> UserId:
    return admit_caller(db, Arrival(firebase_uid=name, email=None, begins=begins)).user.id


def test_a_caller_is_admitted_and_their_transaction_begun_in_one_message(
    backend: Backend, told: tuple[Database, list[str]]
) -> None:
    backend.user()
    db, heard = told
    user_id = arrive(db)
    assert len(heard) == 1
    with db.transaction(user_id) as tx:
        assert tenant(tx) == str(user_id)
        assert len(heard) == 2  # the question above, and nothing before it
    assert heard[2:] == ["COMMIT"]


def test_it_is_taken_over_once(db: Database, backend: Backend) -> None:
    backend.user()
    user_id = arrive(db)
    with db.transaction(user_id) as tx:
        first = tx.execute("SELECT pg_current_xact_id()").fetchone()
    with db.transaction(user_id) as tx:
        assert tenant(tx) == str(user_id)
        assert tx.execute("SELECT pg_current_xact_id()").fetchone() != first


@pytest.mark.parametrize("kind", ["nobody", "another", "snapshot", "ask"])
def test_whoever_asks_for_something_else_never_gets_it(db: Database, backend: Backend, kind: str) -> None:
    alice, bob = backend.user("alice"), backend.user("bob")
    assert arrive(db) == alice
    if kind == "ask":
        assert db.ask(tenant) in {None, ""}
        return
    wanted = {"nobody": None, "another": bob, "snapshot": alice}[kind]
    with db.transaction(wanted, is_snapshot=kind == "snapshot") as tx:
        assert tenant(tx) == ("" if wanted is None else str(wanted))
        assert tx.execute("SHOW transaction_read_only").fetchone() == ("on" if kind == "snapshot" else "off",)


def test_what_nobody_took_is_ended(db: Database, backend: Backend, owner: psycopg.Connection) -> None:
    backend.user()
    arrive(db)
    waiting = """
        SELECT count(*)
        FROM pg_stat_activity
        WHERE state = 'idle in transaction' AND datname = current_database()
    """
    assert owner.execute(waiting).fetchone() == (1,)
    db.let_go()
    assert owner.execute(waiting).fetchone() == (0,)
    assert db.ask(tenant) in {None, ""}


def test_nobody_is_tenant_after_an_unknown_uid(db: Database) -> None:
    assert db.ask_ahead([ONE], beginning_for=confine("nobody")) == [{"number": 1}]
    with db.transaction(None) as tx:
        assert tenant(tx) in {None, ""}


def test_a_question_that_fails_leaves_no_transaction_open(db: Database, owner: psycopg.Connection) -> None:
    with pytest.raises(Invalid):
        db.ask_ahead([WRONG], beginning_for=confine("nobody"))
    open_ones = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%' AND datname = current_database()"
    assert owner.execute(open_ones).fetchone() == (0,)
    db.check()


def test_a_connection_that_died_while_idle_is_replaced(
    db: Database, backend: Backend, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    with db.transaction(None) as tx:
        pid = tx.info.backend_pid
    assert owner.execute("SELECT pg_terminate_backend(%s, 5000)", [pid]).fetchone() == (True,)
    assert arrive(db) == user_id


def test_one_that_died_after_it_was_begun_is_a_503_and_the_next_works(
    db: Database, backend: Backend, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    arrive(db)
    pids = owner.execute("SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction'").fetchall()
    for (pid,) in pids:
        owner.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    with pytest.raises(Busy), db.transaction(user_id) as tx:
        tenant(tx)
    assert arrive(db) == user_id
