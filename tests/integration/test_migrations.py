"""The schema's history: forward and back, to the same place."""

from collections.abc import Iterator
from typing import LiteralString

import psycopg
import pytest

from dev.postgres import Postgres
from shared.db.migrate import migrate

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
    "triggers": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
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


def test_one_step_back_and_forward_again_leaves_the_same_schema(bare_url: str) -> None:
    migrate(bare_url)
    first = schema(bare_url)
    migrate(bare_url, "-1")
    assert schema(bare_url) != first
    migrate(bare_url)
    assert schema(bare_url) == first


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
