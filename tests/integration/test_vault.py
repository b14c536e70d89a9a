"""Secrets of users in the real database: nobody else's, nothing in the clear, and a master key that may be changed."""

import base64
import os
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from dev.function_environment import LocalAddresses
from dev.postgres import Postgres
from shared.db.connection import Database
from shared.errors import NotFound, VendorDown
from shared.ids import UserId
from shared.vault.forget_secret import forget_secret
from shared.vault.model import SecretPlace, SecretUnreadable
from shared.vault.own_key_keeper import OwnKeyKeeper
from shared.vault.put_secret import put_secret
from shared.vault.read_secret import read_secret
from shared.vault.rewrap_secrets import Rewrapped, rewrap_secrets
from tests.fixtures.captured import Backend
from tests.fixtures.function_here import function_here

OLD, NEW, LOST = (os.urandom(32) for _ in range(3))
KEEPER = OwnKeyKeeper([OLD])
CANARY = "canary-of-a-provider-key"


def place(user_id: UserId, name: str = "openai") -> SecretPlace:
    return SecretPlace(user_id=user_id, name=name)


@pytest.fixture
def alice(backend: Backend) -> UserId:
    return backend.user("alice")


@pytest.fixture
def bob(backend: Backend) -> UserId:
    return backend.user("bob")


def test_a_secret_is_put_read_replaced_and_forgotten(db: Database, alice: UserId) -> None:
    put_secret(db, KEEPER, place(alice), "first")
    put_secret(db, KEEPER, place(alice), "second")
    put_secret(db, KEEPER, place(alice, "mail"), "other")
    assert read_secret(db, KEEPER, place(alice)).text == "second"
    forget_secret(db, place(alice))
    for ask in (lambda: read_secret(db, KEEPER, place(alice)), lambda: forget_secret(db, place(alice))):
        with pytest.raises(NotFound):
            ask()
    assert read_secret(db, KEEPER, place(alice, "mail")).text == "other"


def test_another_user_finds_nothing_and_what_is_moved_into_a_row_of_theirs_does_not_open(
    db: Database, owner: psycopg.Connection, alice: UserId, bob: UserId
) -> None:
    put_secret(db, KEEPER, place(alice), CANARY)
    with pytest.raises(NotFound):
        read_secret(db, KEEPER, place(bob))
    with pytest.raises(NotFound):
        forget_secret(db, place(bob))
    copy = "INSERT INTO user_secrets (user_id, name, sealed, key_id) SELECT %s, %s, sealed, key_id FROM user_secrets"
    owner.execute(copy + " LIMIT 1", [bob, "openai"])
    owner.execute(copy + " LIMIT 1", [alice, "mail"])
    for stolen in (place(bob), place(alice, "mail")):
        with pytest.raises(SecretUnreadable):
            read_secret(db, KEEPER, stolen)
    assert read_secret(db, KEEPER, place(alice)).text == CANARY


def test_nothing_of_a_secret_is_in_the_clear_in_any_row_file_or_log_of_the_database(
    backend: Backend, owner: psycopg.Connection, alice: UserId
) -> None:
    note = "a-note-that-is-in-the-clear"
    backend.marker(alice, backend.session(alice), note)
    put_secret(backend.db, KEEPER, place(alice), "replaced " + CANARY)
    put_secret(backend.db, KEEPER, place(alice), CANARY)
    forget_secret(backend.db, place(alice))
    put_secret(backend.db, KEEPER, place(alice), CANARY)
    written = everything_on_disk(owner)
    assert len(written) > 1_000_000
    assert note.encode() in written
    rows = dumped(owner)
    assert note in rows
    for form in (CANARY.encode(), CANARY.encode().hex().encode(), base64.b64encode(CANARY.encode())[:-4]):
        assert form not in written
        assert form.decode() not in rows


def everything_on_disk(owner: psycopg.Connection) -> bytes:
    """Of this database, and of the server's log of changes since its last checkpoint but one."""
    owner.execute("CHECKPOINT")
    row: Any = owner.execute(
        """
        SELECT current_setting('data_directory'), d.oid::text, pg_walfile_name(pg_current_wal_lsn())
        FROM pg_database d
        WHERE d.datname = current_database()
        """
    ).fetchone()
    folder, newest = Path(row[0]), row[2]
    files = [*(folder / "base" / row[1]).iterdir(), folder / "pg_wal" / newest]
    return b"".join(file.read_bytes() for file in files)


def dumped(owner: psycopg.Connection) -> str:
    """Every row of every table, as text."""
    tables = owner.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
    rows: list[bytes] = []
    for (table,) in tables.fetchall():
        with owner.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
            rows += map(bytes, copy)
    return b"".join(rows).decode()


def test_a_new_master_key_takes_over_and_the_old_one_is_needed_no_more(
    db: Database, system_db: Database, owner: psycopg.Connection, alice: UserId, bob: UserId
) -> None:
    for user_id in (alice, bob):
        for number in range(60):
            put_secret(db, KEEPER, place(user_id, f"s{number}"), f"{user_id} {number}")
    owner.execute("UPDATE user_secrets SET sealed = set_byte(sealed, 5, get_byte(sealed, 5) # 1) WHERE name = 's7'")
    changed = owner.execute("SELECT updated_at, xmin::text FROM user_secrets WHERE name = 's1'").fetchall()
    both = OwnKeyKeeper([NEW, OLD])
    first = rewrap_secrets(system_db, both, at_most=1)
    assert first == Rewrapped(rewrapped=first.rewrapped, unreadable=first.unreadable, is_complete=False)
    assert first.rewrapped + first.unreadable == 100
    second = rewrap_secrets(system_db, both, at_most=1_000)
    assert second.is_complete
    assert first.rewrapped + second.rewrapped == 118
    assert second.unreadable == 2
    again = rewrap_secrets(system_db, both, at_most=1_000)
    assert again == Rewrapped(rewrapped=0, unreadable=2, is_complete=True)
    for user_id in (alice, bob):
        assert read_secret(db, OwnKeyKeeper([NEW]), place(user_id, "s9")).text == f"{user_id} 9"
        with pytest.raises(VendorDown):
            read_secret(db, KEEPER, place(user_id, "s9"))
    after = owner.execute("SELECT updated_at, xmin::text FROM user_secrets WHERE name = 's1'").fetchall()
    assert [row[0] for row in after] == [row[0] for row in changed]
    assert [row[1] for row in after] != [row[1] for row in changed]


def test_a_secret_whose_master_key_is_lost_keeps_none_behind_it_back(
    db: Database, system_db: Database, alice: UserId, bob: UserId
) -> None:
    first, second = sorted([alice, bob])
    put_secret(db, OwnKeyKeeper([LOST]), place(first), "one")
    put_secret(db, KEEPER, place(second), "two")
    told = rewrap_secrets(system_db, OwnKeyKeeper([NEW, OLD]), at_most=1_000)
    assert told == Rewrapped(rewrapped=1, unreadable=1, is_complete=True)
    assert read_secret(db, OwnKeyKeeper([NEW]), place(second)).text == "two"
    assert read_secret(db, OwnKeyKeeper([LOST]), place(first)).text == "one"


def test_where_the_current_master_key_refuses_us_nothing_passes_for_complete(
    db: Database, system_db: Database, alice: UserId
) -> None:
    put_secret(db, KEEPER, place(alice), "one")

    class Refused(OwnKeyKeeper):
        def new_key(self, context: Any) -> Any:
            raise VendorDown(f"The key service refuses us: {context}", failure="our_key")

    with pytest.raises(VendorDown, match="refuses us"):
        rewrap_secrets(system_db, Refused([NEW]), at_most=10)


def test_a_secret_its_user_changes_while_it_is_rewrapped_stays_as_the_user_left_it(
    db: Database, system_db: Database, alice: UserId
) -> None:
    put_secret(db, KEEPER, place(alice), "old")

    class Interrupted(OwnKeyKeeper):
        def rewrap(self, wrapped: Any, context: Any) -> Any:
            put_secret(db, KEEPER, place(alice), "new")
            return super().rewrap(wrapped, context)

    rewrap_secrets(system_db, Interrupted([NEW, OLD]), at_most=10)
    assert read_secret(db, KEEPER, place(alice)).text == "new"


def test_the_role_of_requests_cannot_look_for_other_users_secrets(db: Database, alice: UserId) -> None:
    put_secret(db, KEEPER, place(alice), CANARY)
    assert rewrap_secrets(db, OwnKeyKeeper([NEW, OLD]), at_most=10).rewrapped == 0


def test_the_operators_function_says_how_far_it_came(
    postgres: Postgres, database_name: str, db: Database, alice: UserId
) -> None:
    put_secret(db, KEEPER, place(alice), CANARY)
    addresses = LocalAddresses(
        database_url=lambda role: postgres.url(database_name, role=role),
        queue_url="",
        object_url="",
        providers={},
        vault={"VAULT_KEYS": f"{NEW.hex()},{OLD.hex()}", "VAULT_KEY_ID": "", "KMS_ENDPOINT_URL": ""},
    )
    function = function_here("rewrap-secrets", addresses)
    assert function({}) == {"rewrapped": 1, "unreadable": 0, "is_complete": True}
    function.close()
    assert read_secret(db, OwnKeyKeeper([NEW]), place(alice)).text == CANARY
