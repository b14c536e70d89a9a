"""The ledger as the catalogue tells it: rows are added, never changed; money and credits are whole numbers."""

from collections.abc import Callable

import psycopg
import pytest
from psycopg.errors import CheckViolation

from tests.fixtures.captured import Backend

ROLES = ["second_brain_app", "second_brain_system"]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_of_ours_may_read_the_ledger_and_add_to_it_no_more(owner: psycopg.Connection, role: str) -> None:
    """MAINTAIN is VACUUM and the like; has_table_privilege sees what comes through PUBLIC and other roles, too."""
    rights = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"]
    rows = owner.execute(
        "SELECT r FROM unnest(%s::text[]) r WHERE has_table_privilege(%s, 'credit_ledger', r)", [rights, role]
    )
    assert {right for (right,) in rows} == {"SELECT", "INSERT"}
    columns = owner.execute("SELECT has_any_column_privilege(%s, 'credit_ledger', 'UPDATE')", [role]).fetchone()
    assert columns == (False,)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_of_ours_deletes_no_user_whose_ledger_would_go_along(owner: psycopg.Connection, role: str) -> None:
    assert owner.execute("SELECT has_table_privilege(%s, 'users', 'DELETE')", [role]).fetchone() == (False,)


def test_an_order_that_may_have_been_paid_cannot_be_deleted(backend: Backend, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    for number, (status, session) in enumerate([("pending", None), ("pending", "cs_1"), ("completed", "cs_2")]):
        owner.execute(
            """
            INSERT INTO payments (user_id, id, stripe_session_id, stripe_customer_id, package_id, credits_amount,
                                  amount_cents, currency, livemode, status)
            VALUES (%s, gen_random_uuid(), %s, 'cus_1', %s, 1, 1, 'usd', false, %s)
            """,
            [user_id, session, f"package {number}", status],
        )
    with backend.db.transaction(user_id) as tx:
        assert tx.execute("DELETE FROM payments WHERE user_id = %s", [user_id]).rowcount == 1
    assert owner.execute("SELECT package_id FROM payments ORDER BY 1").fetchall() == [("package 1",), ("package 2",)]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_of_ours_empties_no_table(owner: psycopg.Connection, role: str) -> None:
    rows = owner.execute(
        """
        SELECT c.relname
        FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
          AND has_table_privilege(%s, c.oid, 'TRUNCATE')
        """,
        [role],
    ).fetchall()
    assert rows == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_of_ours_belongs_to_no_stronger_one(owner: psycopg.Connection, role: str) -> None:
    """Neither superuser nor past the policies, and a member of nobody through whom it could become so."""
    facts = owner.execute(
        """
        SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
               EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid),
               EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid)
        FROM pg_roles r
        WHERE rolname = %s
        """,
        [role],
    ).fetchone()
    assert facts == (False,) * 7


@pytest.mark.parametrize("role", ROLES)
def test_who_had_the_trial_is_not_forgotten(owner: psycopg.Connection, role: str) -> None:
    rows = owner.execute(
        "SELECT r FROM unnest(ARRAY['UPDATE', 'DELETE']) r WHERE has_table_privilege(%s, 'trial_claims', r)", [role]
    ).fetchall()
    assert rows == []


def test_no_rule_and_no_trigger_rewrites_the_ledger(owner: psycopg.Connection) -> None:
    rewriting = owner.execute(
        """
        SELECT tgname::text FROM pg_trigger WHERE tgrelid = 'credit_ledger'::regclass AND NOT tgisinternal
        UNION ALL
        SELECT rulename::text FROM pg_rules WHERE tablename = 'credit_ledger'
        """
    ).fetchall()
    assert rewriting == []


def test_credits_and_cents_are_whole_numbers(owner: psycopg.Connection) -> None:
    """What a call to a provider costs is an estimate in parts of a cent, and nobody is charged by it."""
    kinds = owner.execute(
        """
        SELECT table_name || '.' || column_name, data_type
        FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name <> 'ai_usage'
          AND (table_name IN ('credit_ledger', 'payments') OR column_name LIKE '%credit%')
          AND column_name ~ 'credit|cents|delta|after|amount'
          AND data_type <> 'boolean'  -- whether somebody wants to hear of credits is no number of them
        """
    ).fetchall()
    assert len(kinds) >= 11
    assert {kind for _, kind in kinds} == {"integer"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE users SET credits = -1",
        "UPDATE users SET credits = 0, credit_debt = -1",
        "UPDATE users SET credits = 1, credit_debt = 1",
    ],
)
def test_postgres_itself_refuses_a_balance_that_cannot_be(
    backend: Backend, owner: psycopg.Connection, statement: str
) -> None:
    backend.user()
    _refused_by_a_check(lambda: owner.execute(statement.encode()))


@pytest.mark.parametrize(
    "row",
    [
        "0, 0, 3, 0",  # moves nothing
        "-4, 0, -1, 0",  # a balance below zero
        "0, -1, 3, -1",  # a debt below zero
    ],
)
def test_postgres_itself_refuses_a_row_that_cannot_be(backend: Backend, owner: psycopg.Connection, row: str) -> None:
    backend.user()
    statement = f"""
        INSERT INTO credit_ledger (user_id, id, delta, debt_delta, balance_after, debt_after, reason, ref)
        SELECT id, id, {row}, 'adjustment', 'x' FROM users
        """  # noqa: S608 - the rows above
    _refused_by_a_check(lambda: owner.execute(statement.encode()))


def _refused_by_a_check(statement: Callable[[], object]) -> None:
    with pytest.raises(CheckViolation):
        statement()
