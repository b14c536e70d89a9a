"""Who may administer: an operator says so, by name and on record, and it holds at once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dev.postgres import Postgres
from shared.account.appoint_administrator import appoint_administrator
from shared.account.appointments import Appointment
from shared.account.dismiss_administrator import dismiss_administrator
from shared.administration.list_users import list_users
from shared.administration.switch_provider import Switching, switch_provider
from shared.db.connection import Database
from shared.errors import Conflict, Forbidden, NotFound
from shared.identity.account_facts import AccountFilter
from shared.ids import UserId
from shared.switches.list_switches import list_switches
from tests.fixtures.captured import Backend

ROOT = Path(__file__).resolve().parents[2]


def of(uid: str) -> Appointment:
    return Appointment(firebase_uid=uid, appointed_by="Ada", reason="joins support")


@pytest.fixture
def owner_db(postgres: Postgres, database_name: str) -> Iterator[Database]:
    database = Database(postgres.url(database_name))
    yield database
    database.close()


def test_appointed_and_dismissed_at_once_and_both_on_record(
    backend: Backend, owner_db: Database, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user("carol")
    everybody = AccountFilter()
    with pytest.raises(Forbidden):
        list_users(system_db, user_id, everybody, before=None, limit=1)
    assert [appoint_administrator(owner_db, of("carol")) for _ in range(2)] == [True, False]
    assert list_users(system_db, user_id, everybody, before=None, limit=1)[0].is_administrator
    assert [dismiss_administrator(owner_db, of("carol")) for _ in range(2)] == [True, False]
    with pytest.raises(Forbidden):
        list_users(system_db, user_id, everybody, before=None, limit=1)
    kept = owner.execute(
        "SELECT actor_id, actor_name, action, subject_user_id, reason FROM audit_log WHERE action <> 'look' ORDER BY id"
    ).fetchall()
    assert kept == [(None, "Ada", action, user_id, "joins support") for action in ("appoint", "dismiss")]


def test_who_is_not_appointed_changes_nothing_and_leaves_no_record(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    off = Switching(provider="openai", is_off=True, reason="for a test")
    with pytest.raises(Forbidden):
        switch_provider(system_db, backend.user("mallory"), off)
    with system_db.transaction(None) as tx:
        assert list_switches(tx) == []
    assert owner.execute("SELECT count(*) FROM audit_log").fetchone() == (0,)


def test_somebody_unknown_or_shut_out_is_not_appointed(
    backend: Backend, owner_db: Database, owner: psycopg.Connection
) -> None:
    with pytest.raises(NotFound):
        appoint_administrator(owner_db, of("nobody"))
    with pytest.raises(NotFound):
        dismiss_administrator(owner_db, of("nobody"))
    user_id = backend.user("dora")
    owner.execute("UPDATE users SET disabled_at = now() WHERE id = %s", [user_id])
    with pytest.raises(Conflict):
        appoint_administrator(owner_db, of("dora"))
    assert owner.execute("SELECT count(*) FROM administrators").fetchone() == (0,)


@pytest.mark.parametrize("role", ["db", "system_db"])
def test_no_role_that_serves_requests_appoints(request: pytest.FixtureRequest, backend: Backend, role: str) -> None:
    backend.user("eve")
    database: Database = request.getfixturevalue(role)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        appoint_administrator(database, of("eve"))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        dismiss_administrator(database, of("eve"))


def test_a_deleted_administrator_is_none(backend: Backend, owner_db: Database, owner: psycopg.Connection) -> None:
    user_id: UserId = backend.user("finn")
    appoint_administrator(owner_db, of("finn"))
    owner.execute("DELETE FROM users WHERE id = %s", [user_id])
    assert owner.execute("SELECT count(*) FROM administrators").fetchone() == (0,)


def command(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "functions.operations.appoint", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ.get("PATH", os.defpath), "DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_command_tells_what_it_did_and_what_is_missing(
    backend: Backend, postgres: Postgres, database_name: str
) -> None:
    backend.user("gwen")
    url = postgres.url(database_name)
    done = command(url, "--uid", "gwen", "--by", "Ada", "--reason", "joins support")
    assert (done.returncode, done.stdout) == (0, "gwen is an administrator.\n"), done.stderr
    listed = command(url, "--list")
    assert listed.stdout.startswith("gwen  since ")
    assert listed.stdout.endswith(" by Ada: joins support\n")
    nameless = command(url, "--uid", "gwen", "--dismiss")
    assert nameless.returncode == 1
    assert "by whom, and why" in nameless.stderr
    unknown = command(url, "--uid", "nobody", "--by", "Ada", "--reason", "joins support")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "signed in" in unknown.stderr
