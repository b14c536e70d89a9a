"""What several rooms know of one thing is asked in one message, which also ends its transaction."""

from typing import Any

import psycopg
import pytest

from shared.account.admit_caller import Arrival, admit_caller
from shared.db.connection import Database
from shared.db.selection import Selection
from shared.errors import Invalid, NotFound
from shared.sessions.read_session import read_session
from tests.fixtures.captured import Backend

TENANT = Selection(statement="SELECT current_setting('app.user_id', true) AS tenant", values={}, row=dict[str, Any])


def test_a_session_is_read_in_two_messages_its_caller_admitted(
    backend: Backend, told: tuple[Database, list[str]]
) -> None:
    user_id = backend.user("alice")
    session_id = backend.session(user_id)
    db, heard = told
    admit_caller(db, Arrival(firebase_uid="alice", email=None, begins=True))
    whole = read_session(db, user_id, session_id)
    assert whole.session.id == session_id
    assert len(heard) == 2
    assert heard[1].endswith("COMMIT")


def test_without_one_begun_for_its_user_the_message_begins_its_own(db: Database, backend: Backend) -> None:
    alice, bob = backend.user("alice"), backend.user("bob")
    assert db.select_together(bob, [TENANT]) == [[{"tenant": str(bob)}]]
    admit_caller(db, Arrival(firebase_uid="alice", email=None, begins=True))
    assert db.select_together(bob, [TENANT, TENANT]) == [[{"tenant": str(bob)}]] * 2
    with db.transaction(alice) as tx:
        assert TENANT.all_of(tx) == [{"tenant": str(alice)}]


def test_another_users_rows_are_not_shown_whatever_the_statement_asks_for(db: Database, backend: Backend) -> None:
    alice, bob = backend.user("alice"), backend.user("bob")
    session_id = backend.session(alice)
    everything = Selection(statement="SELECT id FROM sessions", values={}, row=dict[str, Any])
    assert db.select_together(alice, [everything]) == [[{"id": session_id}]]
    assert db.select_together(bob, [everything]) == [[]]
    with pytest.raises(NotFound):
        read_session(db, bob, session_id)


@pytest.mark.parametrize("text", ["'; ROLLBACK; --", "100 %(x)s %%", "\\'", "ä — \N{GRINNING FACE}"])
def test_a_value_stays_a_value(db: Database, backend: Backend, text: str) -> None:
    said = Selection(statement="SELECT %(text)s AS text", values={"text": text}, row=dict[str, Any])
    assert db.select_together(backend.user(), [said, TENANT])[0] == [{"text": text}]


def test_one_that_fails_leaves_no_transaction_open(db: Database, backend: Backend, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    wrong = Selection(statement="SELECT %(text)s::integer", values={"text": "x"}, row=dict[str, Any])
    with pytest.raises(Invalid):
        db.select_together(user_id, [TENANT, wrong])
    open_ones = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%' AND datname = current_database()"
    assert owner.execute(open_ones).fetchone() == (0,)
    assert db.select_together(user_id, [TENANT]) == [[{"tenant": str(user_id)}]]


def test_a_connection_that_died_while_idle_is_replaced(
    db: Database, backend: Backend, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    with db.transaction(None) as tx:
        pid = tx.info.backend_pid
    assert owner.execute("SELECT pg_terminate_backend(%s, 5000)", [pid]).fetchone() == (True,)
    assert db.select_together(user_id, [TENANT]) == [[{"tenant": str(user_id)}]]
