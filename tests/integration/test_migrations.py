"""The schema's history: forward and back, to the same place."""

from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from dev.postgres import Postgres
from shared.db import migrations
from shared.db.connection import Database
from shared.db.migrate import migrate
from shared.ids import SessionId, UserId, new_id
from shared.leaving.carry_on_deletion import Patience
from shared.leaving.delete_account import delete_account
from shared.leaving.stores import Stores
from shared.sessions.delete_session import delete_session
from tests.fakes.memory_accounts import MemoryAccounts, MemoryCustomers
from tests.fakes.memory_queue import MemoryQueue
from tests.fixtures.captured import Backend
from tests.fixtures.follower import Follower
from tests.fixtures.whole_users import rows_of, whole_user

VERSIONS = Path(migrations.__file__).parent / "versions"

PARTS: dict[str, LiteralString] = {
    "columns": """
        SELECT c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.reloptions, c.relacl::text,
               a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attstorage, a.attidentity,
               a.attgenerated, pg_get_expr(d.adbin, d.adrelid)
        FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relname !~ '^alembic_version'
        ORDER BY 1, a.attnum
        """,
    "constraints": """
        SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid)
        FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND conrelid <> to_regclass('alembic_version')
        ORDER BY 2, 1
        """,
    "indexes": """
        SELECT indexname, indexdef FROM pg_indexes
        WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1
        """,
    "policies": """
        SELECT polname, polrelid::regclass::text, polcmd, polroles::regrole[]::text, pg_get_expr(polqual, polrelid)
        FROM pg_policy ORDER BY 2, 1
        """,
    "functions": """
        SELECT p.proname, pg_get_functiondef(p.oid), pg_get_userbyid(p.proowner), p.proacl::text
        FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
        ORDER BY 1
        """,
    "triggers": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2",
    "views": "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public' ORDER BY 1",
}


@pytest.fixture
def bare_url(postgres: Postgres) -> Iterator[str]:
    """A database without a schema."""
    postgres.create_database("bare")
    yield postgres.url("bare")
    postgres.drop_database("bare")


def schema(url: str) -> dict[str, list[tuple[object, ...]]]:
    with psycopg.connect(url) as connection:
        return {name: connection.execute(query).fetchall() for name, query in PARTS.items()}


def test_going_back_and_forward_again_leaves_the_same_schema(bare_url: str) -> None:
    migrate(bare_url)
    first = schema(bare_url)
    assert all(first.values())
    migrate(bare_url, "base")
    assert schema(bare_url) == {name: [] for name in PARTS}
    migrate(bare_url)
    assert schema(bare_url) == first


def test_each_step_back_and_forward_again_leaves_the_same_schema(bare_url: str) -> None:
    migrate(bare_url)
    newest = schema(bare_url)
    for steps_back in range(1, len(list(VERSIONS.glob("0*.py")))):
        migrate(bare_url, f"-{steps_back}")
        migrate(bare_url)
        assert schema(bare_url) == newest


def test_migrating_twice_changes_nothing(bare_url: str) -> None:
    migrate(bare_url)
    first = schema(bare_url)
    migrate(bare_url)
    assert schema(bare_url) == first


def test_a_lock_that_is_not_had_gives_up_rather_than_queue_everybody_up(bare_url: str) -> None:
    """The lock timeout of env.py is in force inside the migration's own transaction."""
    migrate(bare_url)
    with psycopg.connect(bare_url) as reader:
        reader.execute("SELECT count(*) FROM users")
        with pytest.raises(Exception, match="lock timeout"):
            migrate(bare_url, "base")
    migrate(bare_url)


@pytest.fixture
def plain_owner_url(postgres: Postgres) -> Iterator[str]:
    """A database whose owner is no superuser, as a managed server gives it: forced policies bind this owner too."""
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE plain_owner LOGIN CREATEROLE")
        connection.execute(
            "GRANT second_brain_app, second_brain_system, second_brain_observer TO plain_owner WITH ADMIN OPTION"
        )
        connection.execute("CREATE DATABASE plain OWNER plain_owner")
    with psycopg.connect(postgres.url("plain"), autocommit=True) as connection:
        connection.execute("CREATE EXTENSION vector")
    yield postgres.url("plain", role="plain_owner")
    postgres.drop_database("plain")
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute("DROP OWNED BY plain_owner CASCADE")
        connection.execute("DROP ROLE plain_owner")


def test_an_owner_who_is_no_superuser_takes_the_rows_along(postgres: Postgres, plain_owner_url: str) -> None:
    migrate(plain_owner_url, "0001")
    with psycopg.connect(postgres.url("plain"), autocommit=True) as everything:
        user_id = new_id()
        everything.execute("INSERT INTO users (id, firebase_uid, credits) VALUES (%s, 'alice', 3)", [user_id])
        everything.execute(
            "INSERT INTO credit_ledger (user_id, id, delta, balance_after, reason, ref)"
            " VALUES (%s, %s, 3, 3, 'trial', 'alice')",
            [user_id, new_id()],
        )
        everything.execute(
            "INSERT INTO sessions (user_id, id, session_type, status, language)"
            " VALUES (%s, %s, 'voice', 'no_credits', 'en')",
            [user_id, new_id()],
        )
        everything.execute(
            "INSERT INTO ai_usage (user_id, id, provider, model, operation_type) VALUES (%s, %s, 'groq', 'm', 'o')",
            [user_id, new_id()],
        )
        migrate(plain_owner_url)
        assert everything.execute("SELECT cost_cents FROM ai_usage").fetchall() == [(None,)]
        assert everything.execute("SELECT count(*) FROM trial_claims").fetchone() == (1,)
        assert everything.execute("SELECT finalized_as FROM sessions").fetchall() == [("no_credits",)]
        everything.execute("UPDATE users SET credits = 0, credit_debt = 1")
        everything.execute(
            "INSERT INTO credit_ledger (user_id, id, delta, debt_delta, balance_after, debt_after, reason, ref) VALUES"
            " (%(user_id)s, %(one)s, -3, 0, 0, 0, 'purchase_refunded', 're_1'),"
            " (%(user_id)s, %(two)s, 0, 1, 0, 1, 'purchase_refunded', 're_2')",
            {"user_id": user_id, "one": new_id(), "two": new_id()},
        )
        migrate(plain_owner_url, f"-{len(list(VERSIONS.glob('0*.py'))) - 1}")
        assert everything.execute("SELECT sum(delta) FROM credit_ledger").fetchone() == (0,)


def test_the_feed_tells_of_what_was_there_before_it_and_of_what_a_plain_owner_cascades(
    postgres: Postgres, plain_owner_url: str
) -> None:
    migrate(plain_owner_url, "0003")
    user_id, session_id, block_id, media_id = (new_id() for _ in range(4))
    with psycopg.connect(postgres.url("plain"), autocommit=True) as everything:
        everything.execute("INSERT INTO users (id, firebase_uid) VALUES (%s, 'alice')", [user_id])
        everything.execute(
            "INSERT INTO sessions (user_id, id, session_type, language) VALUES (%s, %s, 'voice', 'en')",
            [user_id, session_id],
        )
        everything.execute(
            "INSERT INTO media_files (user_id, id, session_id, type, object_key, content_type, size_bytes)"
            " VALUES (%s, %s, %s, 'audio', 'k', 'audio/wav', 1)",
            [user_id, media_id, session_id],
        )
        everything.execute(
            "INSERT INTO session_blocks (user_id, id, session_id, block_type, media_id)"
            " VALUES (%s, %s, %s, 'voice', %s)",
            [user_id, block_id, session_id, media_id],
        )
    migrate(plain_owner_url)
    db = Database(postgres.url("plain", role="second_brain_app"))
    phone = Follower(db=db, user_id=UserId(user_id))
    places = [("session", session_id), ("media", media_id), ("block", block_id)]
    assert phone.catch_up() == places
    assert phone.living().keys() == set(places)
    delete_session(db, MemoryQueue(), UserId(user_id), SessionId(session_id))
    assert sorted(phone.catch_up()) == sorted(places)
    assert phone.living() == {}
    db.close()


def test_an_owner_who_is_no_superuser_erases_an_account_as_a_whole(postgres: Postgres, plain_owner_url: str) -> None:
    """Also what our own roles may not delete: a payment, the ledger, the user."""
    migrate(plain_owner_url)
    backend = Backend(db=Database(postgres.url("plain", role="second_brain_app")))
    stores = Stores(objects=backend.store, customers=MemoryCustomers(), accounts=MemoryAccounts())
    with psycopg.connect(postgres.url("plain"), autocommit=True) as everything:
        alice, bob = whole_user(backend, everything, "alice"), whole_user(backend, everything, "bob")
        had, bobs = rows_of(everything, alice.id), rows_of(everything, bob.id)
        certificate = delete_account(backend.db, stores, backend.queue, alice.id, Patience(within_seconds=60))
        assert (certificate.pending, certificate.rows) == ([], had)
        assert set(rows_of(everything, alice.id).values()) == {0}
        assert rows_of(everything, bob.id) == bobs
    backend.db.close()
