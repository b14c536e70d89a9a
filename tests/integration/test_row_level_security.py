"""Isolation as the catalogue tells it: every table with a user in it, whatever tables are added later."""

from contextlib import nullcontext
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege
from psycopg.types.json import Jsonb

from shared.ai.embedding_replies import DIMENSIONS
from shared.answers.keep_turn import keep_turn
from shared.answers.model import ConversationId, NewTurn
from shared.answers.reserve_tokens import reserve_tokens
from shared.db.connection import Database
from shared.errors import Invalid, NotFound
from shared.ids import UserId, new_id
from shared.sessions.finalize_session import finalize_session
from shared.sessions.register_upload import register_upload
from tests.fixtures.captured import FACTS, Backend

# Tables with a column user_id, and users itself.
TENANT_TABLES = """
SELECT c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
  AND (c.relname = 'users' OR EXISTS (
    SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'user_id' AND NOT a.attisdropped))
ORDER BY c.relname
"""

# Tables of which the application's role may delete no row at all.
UNDELETABLE = {"administrators", "change_counters", "changes", "credit_ledger", "users"}


def tenant_tables(owner: psycopg.Connection) -> list[str]:
    return [row[1] for row in owner.execute(TENANT_TABLES)]


def tell(owner: psycopg.Connection, user_id: UserId) -> None:
    """A notification, delivered."""
    notification_id = new_id()
    owner.execute(
        "INSERT INTO notifications (user_id, id, kind, ref, state) VALUES (%s, %s, 'processed', 'r', 'sent')",
        [user_id, notification_id],
    )
    owner.execute(
        "INSERT INTO push_deliveries (user_id, notification_id, device_id, verdict) VALUES (%s, %s, %s, 'sent')",
        [user_id, notification_id, new_id()],
    )


def call(owner: psycopg.Connection, user_id: UserId) -> None:
    """An administrator who called, with a key for the case of a repeat."""
    reason = "INSERT INTO administrators (user_id, appointed_by, reason) VALUES (%s, 'operator', 'for a test')"
    owner.execute(reason, [user_id])
    owner.execute(
        "INSERT INTO rate_buckets (user_id, class, tokens, filled_at) VALUES (%s, 'read', 1, now())", [user_id]
    )
    owner.execute(
        """
        INSERT INTO idempotency_keys (user_id, key, fingerprint, claim, claimed_until)
        VALUES (%s, 'key', '\\x00', %s, now())
        """,
        [user_id, new_id()],
    )
    owner.execute(
        "INSERT INTO transfers (user_id, id, kind, state) VALUES (%s, %s, 'export', 'failed')", [user_id, new_id()]
    )


def embed(owner: psycopg.Connection, user_id: UserId, model_id: int, *, session_id: UUID, block_id: UUID) -> None:
    """A chunk with its vector and words."""
    owner.execute("INSERT INTO reembeddings (user_id, model_id) VALUES (%s, %s)", [user_id, model_id])
    chunk_id = new_id()
    owner.execute(
        """
        INSERT INTO chunks (user_id, model_id, id, session_id, block_id, chunk_index, text, content_hash)
        VALUES (%s, %s, %s, %s, %s, 0, 'secret', '\\x00')
        """,
        [user_id, model_id, chunk_id, session_id, block_id],
    )
    owner.execute(
        "INSERT INTO chunk_vectors (user_id, model_id, chunk_id, part, embedding) VALUES (%s, %s, %s, 0, %s::halfvec)",
        [user_id, model_id, chunk_id, str([1] + [0] * (DIMENSIONS - 1))],
    )
    owner.execute(
        "INSERT INTO chunk_words (user_id, model_id, chunk_id, words) VALUES (%s, %s, %s, 'secret')",
        [user_id, model_id, chunk_id],
    )
    owner.execute(
        "INSERT INTO search_spaces (user_id, model_id, languages) VALUES (%s, %s, '{english}')", [user_id, model_id]
    )


@pytest.fixture
def alice(backend: Backend, owner: psycopg.Connection) -> UserId:
    """A user with at least one row in every table."""
    user_id = backend.user("alice")
    session_id = backend.session(user_id)
    block = backend.marker(user_id, session_id)
    media = backend.media(user_id, session_id)
    register_upload(backend.db, backend.queue, media.object_key, FACTS)
    owner.execute(
        """
        INSERT INTO media_parts (user_id, media_id, part_index, session_id, start_ms, end_ms, object_key, stretches)
        VALUES (%s, %s, 0, %s, 0, 1, 'k', '[]')
        """,
        [user_id, media.id, session_id],
    )
    owner.execute("INSERT INTO media_uploads (user_id, media_id) VALUES (%s, %s)", [user_id, media.id])
    finalize_session(backend.db, backend.queue, user_id, session_id, ai=True)
    owner.execute(
        "INSERT INTO user_secrets (user_id, name, sealed, key_id) VALUES (%s, 'n', %s, 'k')", [user_id, bytes(32)]
    )
    owner.execute("INSERT INTO devices (user_id, id, fcm_token) VALUES (%s, %s, 't')", [user_id, new_id()])
    tell(owner, user_id)
    call(owner, user_id)
    owner.execute(
        "INSERT INTO ai_usage (user_id, id, provider, model, operation_type) VALUES (%s, %s, 'p', 'm', 'o')",
        [user_id, new_id()],
    )
    owner.execute(
        """
        INSERT INTO payments
          (user_id, id, stripe_customer_id, package_id, credits_amount, amount_cents, currency, livemode)
        VALUES (%s, %s, 'cus', 'p', 1, 1, 'eur', false)
        """,
        [user_id, new_id()],
    )
    model: Any = owner.execute(
        "INSERT INTO embedding_models (provider, model) VALUES ('p', 'm') RETURNING id"
    ).fetchone()
    embed(owner, user_id, model[0], session_id=session_id, block_id=block.id)
    with backend.db.transaction(user_id) as tx:
        keep_turn(tx, user_id, ConversationId(new_id()), NewTurn(question="q", answer="a", blocks=[block.id]))
        reserve_tokens(tx, user_id, tokens=1, daily_tokens=1)
    for table in tenant_tables(owner):
        assert seen(owner, table) > 0, f"give alice a row in {table}"
    return user_id


def seen(connection: psycopg.Connection, table: str) -> int:
    counting = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    row: Any = connection.execute(counting).fetchone()
    return row[0]


def test_every_tenant_table_has_forced_row_level_security_and_a_policy(owner: psycopg.Connection) -> None:
    tables = owner.execute(TENANT_TABLES).fetchall()
    assert len(tables) >= 13
    for oid, name, is_enabled, is_forced in tables:
        policies = owner.execute(
            "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polrelid = %s AND polroles = '{0}'", [oid]
        ).fetchall()
        assert (is_enabled, is_forced) == (True, True), name
        assert [expression for (expression,) in policies if "app.user_id" in expression], name


def test_without_a_tenant_no_table_shows_a_row_and_none_raises(
    db: Database, owner: psycopg.Connection, alice: UserId
) -> None:
    with db.transaction(alice) as tx:
        assert tx.execute("SELECT count(*) FROM users").fetchone() == (1,)
    for table in tenant_tables(owner):
        with db.transaction(None) as tx:
            assert seen(tx, table) == 0, table


@pytest.mark.usefixtures("alice")
def test_another_tenant_sees_changes_and_deletes_nothing_even_by_explicit_sql(
    backend: Backend, db: Database, owner: psycopg.Connection
) -> None:
    bob = backend.user("bob")
    own = {"users": 1, "credit_ledger": 1, "change_counters": 1}
    for table in [*tenant_tables(owner), "embeddings"]:
        with db.transaction(bob) as tx:
            assert seen(tx, table) == own.get(table, 0), table
    for table in set(tenant_tables(owner)) - UNDELETABLE:
        with db.transaction(bob) as tx:
            assert tx.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table))).rowcount == 0, table
    with db.transaction(bob) as tx:
        assert tx.execute("UPDATE users SET preferred_language = 'xx'").rowcount == 1


def test_nobody_writes_a_row_for_another_user(backend: Backend, db: Database, alice: UserId) -> None:
    bob = backend.user("bob")
    with pytest.raises(InsufficientPrivilege), db.transaction(bob) as tx:
        tx.execute(
            "INSERT INTO outbox (user_id, id, queue, body, correlation_id) VALUES (%s, %s, 'q', %s, 'c')",
            [alice, new_id(), Jsonb({})],
        )


@pytest.mark.usefixtures("alice")
@pytest.mark.parametrize(
    "statement",
    ["UPDATE credit_ledger SET delta = 100", "DELETE FROM credit_ledger", "TRUNCATE credit_ledger", "TRUNCATE users"],
)
@pytest.mark.parametrize("role", ["db", "system_db"])
def test_no_role_of_ours_can_rewrite_the_ledger(
    request: pytest.FixtureRequest, backend: Backend, statement: Any, role: str
) -> None:
    database: Database = request.getfixturevalue(role)
    with pytest.raises(InsufficientPrivilege), database.transaction(backend.user("alice")) as tx:
        tx.execute(statement)


def test_roles_own_nothing_and_cannot_look_past_the_policies(owner: psycopg.Connection) -> None:
    roles = owner.execute(
        """
        SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb
        FROM pg_roles
        WHERE rolname LIKE 'second_brain%'
        ORDER BY rolname
        """
    ).fetchall()
    assert roles == [(f"second_brain_{name}", False, False, False, False) for name in ("app", "observer", "system")]
    owned = owner.execute(
        "SELECT relname, relkind::text FROM pg_class WHERE pg_get_userbyid(relowner) LIKE 'second_brain%'"
    ).fetchall()
    assert owned == [("session_facts", "v")]


def test_views_show_only_what_their_reader_may_see(owner: psycopg.Connection) -> None:
    views = owner.execute(
        """
        SELECT c.relname, 'security_invoker=true' = ANY (coalesce(c.reloptions, '{}'))
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind IN ('v', 'm')
        """
    ).fetchall()
    assert sorted(views) == [("embeddings", True), ("session_facts", False)]


def test_foreign_keys_between_tenant_tables_carry_the_user(owner: psycopg.Connection) -> None:
    keys = owner.execute(
        """
        SELECT c.conname, c.conrelid::regclass::text, c.confrelid::regclass::text,
               ARRAY(SELECT a.attname::text FROM unnest(c.conkey) k JOIN pg_attribute a
                     ON a.attrelid = c.conrelid AND a.attnum = k)
        FROM pg_constraint c
        WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
        """
    ).fetchall()
    tables = set(tenant_tables(owner))
    between = [(name, columns) for name, source, target, columns in keys if {source, target} <= tables]
    assert len(between) >= 12
    assert [name for name, columns in between if "user_id" not in columns] == []


def test_a_row_cannot_hang_on_another_users_session(backend: Backend, db: Database, alice: UserId) -> None:
    session_id = backend.session(alice)
    bob = backend.user("bob")
    with pytest.raises(NotFound), db.transaction(bob) as tx:
        tx.execute(
            "INSERT INTO session_blocks (user_id, id, session_id, block_type) VALUES (%s, %s, %s, 'marker')",
            [bob, new_id(), session_id],
        )


def test_a_tenant_set_for_the_whole_connection_is_no_way_in(backend: Backend, db: Database, alice: UserId) -> None:
    """Should code ever set it so, the transaction's own setting still decides."""
    bob = backend.user("bob")
    with db.transaction(None) as tx:
        tx.execute("SELECT set_config('app.user_id', %s, false)", [str(alice)])
    with db.transaction(bob) as tx:
        assert tx.execute("SELECT id FROM users").fetchall() == [(bob,)]


def test_a_thousand_interleaved_requests_on_one_connection_never_see_a_foreign_row(
    backend: Backend, db: Database
) -> None:
    users = [backend.user(name) for name in ("alice", "bob")]
    for user_id in users:
        backend.session(user_id)
    for number in range(1000):
        user_id = users[number * 7 % 3 % 2]
        failure = pytest.raises(Invalid) if number % 5 == 0 else nullcontext()
        with failure, db.transaction(user_id) as tx:
            assert tx.execute("SELECT DISTINCT user_id FROM sessions").fetchall() == [(user_id,)]
            tx.execute("SELECT 1 / %s", [number % 5])
