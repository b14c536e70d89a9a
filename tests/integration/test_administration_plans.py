"""A page of an administrator's costs a page: each list walks an index in the order of its pages."""

from typing import Any

import psycopg
import pytest

from tests.fixtures.captured import Backend

USERS = 5_000

LISTS: dict[str, tuple[str, str]] = {
    "users": ("SELECT id FROM users {} ORDER BY created_at DESC, id DESC LIMIT 21", ""),
    "disabled users": (
        "SELECT id FROM users {} ORDER BY created_at DESC, id DESC LIMIT 21",
        "WHERE disabled_at IS NOT NULL",
    ),
    "users by address": (
        "SELECT id FROM users {} ORDER BY created_at DESC, id DESC LIMIT 21",
        "WHERE lower(email) ^@ lower('User-4999@')",
    ),
    "users by uid": (
        "SELECT id FROM users {} ORDER BY created_at DESC, id DESC LIMIT 21",
        "WHERE firebase_uid ^@ 'user-4999'",
    ),
    "sessions": (
        "SELECT id FROM session_facts {} ORDER BY created_at DESC, id DESC LIMIT 21",
        "WHERE created_at >= now() - interval '31 days' AND created_at < now()",
    ),
    "jobs": ("SELECT id FROM ai_jobs {} ORDER BY created_at DESC, id DESC LIMIT 21", ""),
    "failed jobs": ("SELECT id FROM ai_jobs {} ORDER BY created_at DESC, id DESC LIMIT 21", "WHERE status = 'failed'"),
    "payments": ("SELECT id FROM payments {} ORDER BY created_at DESC, id DESC LIMIT 21", ""),
    "deeds about one": (
        "SELECT id FROM audit_log {} ORDER BY created_at DESC, id DESC LIMIT 21",
        "WHERE subject_user_id = '00000000-0000-0000-0000-000000000001'",
    ),
}


@pytest.fixture
def crowded(owner: psycopg.Connection, backend: Backend) -> psycopg.Connection:
    """Five thousand users, each with a session and a job; nobody else's statement runs here."""
    backend.user("alice")
    owner.execute(
        """
        INSERT INTO users (id, firebase_uid, email, disabled_at, created_at)
        SELECT gen_random_uuid(), 'user-' || n, 'user-' || n || '@example.org', CASE WHEN n %% 500 = 0 THEN now() END,
               now() - n * interval '1 minute'
        FROM generate_series(1, %s) n
        """,
        [USERS],
    )
    owner.execute(
        "INSERT INTO sessions (user_id, id, session_type, language, created_at)"
        " SELECT id, gen_random_uuid(), 'voice', 'en', created_at FROM users"
    )
    owner.execute(
        "INSERT INTO ai_jobs (user_id, id, session_id, status, created_at)"
        " SELECT user_id, gen_random_uuid(), id, 'completed', created_at FROM sessions"
    )
    owner.execute("VACUUM ANALYZE users, sessions, ai_jobs, payments, audit_log")
    return owner


def scanned(plan: dict[str, Any]) -> list[str]:
    """The tables that are read from end to end."""
    own = [plan["Relation Name"]] if plan["Node Type"] == "Seq Scan" else []
    return own + [table for part in plan.get("Plans", []) for table in scanned(part)]


def test_no_list_reads_a_table_from_end_to_end(crowded: psycopg.Connection) -> None:
    crowded.execute("SET ROLE second_brain_system")
    found: dict[str, list[str]] = {}
    for name, (statement, condition) in LISTS.items():
        explained = crowded.execute(f"EXPLAIN (FORMAT JSON) {statement.format(condition)}".encode()).fetchone()
        assert explained is not None
        found[name] = scanned(explained[0][0]["Plan"])
    empty = {"payments", "audit_log"}  # tables of one page, which nothing is faster than reading
    assert {name: tables for name, tables in found.items() if set(tables) - empty} == {}
