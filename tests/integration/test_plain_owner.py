"""A managed server: its owner is no superuser, made the roles itself, and functions sign in by their passwords."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from dev.postgres import Postgres
from shared.db.check_schema import check_schema
from shared.db.connection import Database
from shared.db.set_logins import ROLES, set_logins
from shared.db.update_schema import update_schema
from shared.errors import Conflict, DatabaseUnavailable
from tests.fixtures.captured import Backend
from tests.fixtures.throwaway_postgres import folder_for_data

_RULES = "local all {roles} scram-sha-256\nlocal all all trust\n"


@dataclass(frozen=True, kw_only=True)
class Managed:
    """A server where our roles are asked for passwords."""

    server: Postgres
    owner_url: str

    def url(self, role: str, password: str) -> str:
        return f"{self.server.url('managed', role=role)}&password={password}"

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        """As the superuser nobody has on a managed server."""
        with psycopg.connect(self.server.url("managed"), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="module")
def managed() -> Iterator[Managed]:
    """A server of its own: roles belong to the whole of one, and here nobody has made any."""
    with tempfile.TemporaryDirectory(prefix="managed", dir=folder_for_data(), ignore_cleanup_errors=True) as folder:
        server = Postgres.start(Path(folder))
        try:
            server.stop_waiting_for_the_disk()
            with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
                connection.execute("CREATE ROLE neon_owner LOGIN CREATEROLE CREATEDB NOSUPERUSER NOBYPASSRLS")
                connection.execute("CREATE DATABASE managed OWNER neon_owner")
            there = Managed(server=server, owner_url=server.url("managed", role="neon_owner"))
            there.ask("CREATE EXTENSION vector")  # where the owner may not, as here, the server's console does
            update_schema(there.owner_url, "expand")
            (rules,) = Path(folder).rglob("pg_hba.conf")
            rules.write_text(_RULES.format(roles=",".join(ROLES)))
            there.ask("SELECT pg_reload_conf()")
            yield there
        finally:
            server.stop()


def look(url: str) -> None:
    with closing(Database(url)) as db:
        check_schema(db)


def test_functions_sign_in_by_the_passwords_in_their_secrets_and_by_new_ones_after_a_rotation(managed: Managed) -> None:
    old = [managed.url(role, f"old-{role}") for role in ROLES]
    with pytest.raises(DatabaseUnavailable):
        look(old[0])
    assert set_logins(managed.owner_url, old) == list(ROLES)
    for url in old:
        look(url)
    new = [managed.url(role, "it's%20new") for role in ROLES]
    assert set_logins(managed.owner_url, new) == set_logins(managed.owner_url, new) == list(ROLES)
    look(new[1])
    with pytest.raises(DatabaseUnavailable):
        look(old[1])


def test_what_a_function_does_for_its_user_it_does_under_such_an_owner(managed: Managed) -> None:
    set_logins(managed.owner_url, [managed.url(ROLES[0], "password")])
    with closing(Database(managed.url(ROLES[0], "password"))) as db:
        Backend(db=db).user("alice")
    assert managed.ask("SELECT firebase_uid FROM users") == [("alice",)]


@pytest.mark.parametrize(
    ("role", "words"), [("neon_owner", "one names neon_owner"), ("second_brain_app", "and no password")]
)
def test_a_secret_that_is_of_another_role_or_has_no_password_stops_the_deploy(
    managed: Managed, role: str, words: str
) -> None:
    with pytest.raises(Conflict, match=words):
        set_logins(managed.owner_url, [managed.url(role, "" if "no password" in words else "canary")])


def test_a_url_that_leads_elsewhere_stops_the_deploy_and_names_no_password(managed: Managed) -> None:
    url = managed.url(ROLES[0], "canary").replace("/managed?", "/nowhere?")
    with pytest.raises(Conflict, match="is refused all the same") as refused:
        set_logins(managed.owner_url, [url])
    assert "canary" not in refused.value.detail


def test_where_there_are_no_passwords_a_server_of_rds_takes_tokens(managed: Managed) -> None:
    assert set_logins(managed.owner_url, []) == []
    managed.ask("CREATE ROLE rds_iam NOLOGIN")
    managed.ask("GRANT rds_iam TO neon_owner WITH ADMIN OPTION")
    assert set_logins(managed.owner_url, []) == list(ROLES)
    assert managed.ask("SELECT pg_has_role('second_brain_app', 'rds_iam', 'member')") == [(True,)]
