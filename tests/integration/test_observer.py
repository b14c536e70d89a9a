"""What the system role sees of all users' sessions: that they are, by a view that cannot show what they say."""

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from shared.db.connection import Database
from tests.fixtures.captured import Backend


def test_the_observer_reads_nothing_but_facts_of_sessions_and_nobody_logs_in_as_it(owner: psycopg.Connection) -> None:
    """What its view shows of all users holds nothing they said, wrote or named."""
    assert owner.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'second_brain_observer'").fetchone() == (
        False,
    )
    readable = owner.execute(
        """
        SELECT c.relname, a.attname::text
        FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
          AND has_column_privilege('second_brain_observer', c.oid, a.attnum, 'SELECT')
        """
    ).fetchall()
    assert {table for table, _ in readable} == {"sessions"}
    columns = {column for _, column in readable}
    assert columns.isdisjoint({"title", "ai_summary"})
    shown = owner.execute(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = 'session_facts'::regclass"
    ).fetchall()
    assert columns == {column for (column,) in shown}


def test_the_system_role_sees_that_there_are_sessions_and_nothing_of_what_they_say(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    session_id = backend.session(backend.user("alice"))
    owner.execute("UPDATE sessions SET title = 'canary'")
    with system_db.transaction(None) as tx:
        assert tx.execute("SELECT id FROM session_facts").fetchall() == [(session_id,)]
        assert tx.execute("SELECT title FROM sessions").fetchall() == []


def test_the_app_role_sees_no_facts_of_sessions(db: Database) -> None:
    with pytest.raises(InsufficientPrivilege), db.transaction(None) as tx:
        tx.execute("SELECT id FROM session_facts")
