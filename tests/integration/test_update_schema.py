"""What a deploy does to the schema: in phases, once at a time, whole or not at all, and never against newer code."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from dev.postgres import Postgres
from functions.operations.migrate.schemas import MigrateOrder
from shared.db.check_schema import NEEDED_REVISION
from shared.db.migrations.alembic_config import VERSIONS
from shared.db.migrations.sole_migrator import sole_migrator
from shared.db.update_schema import SchemaUpdate, update_schema
from shared.errors import Busy, Conflict, SecondBrainError
from tests.fixtures.revisions import add_revision

HEAD = NEEDED_REVISION


@pytest.fixture
def url(postgres: Postgres, database_name: str) -> str:
    return postgres.url(database_name)


@pytest.fixture
def more(tmp_path: Path) -> tuple[Path, ...]:
    """Our revisions, and a folder for those of releases to come."""
    (tmp_path / "later").mkdir()
    return (VERSIONS, tmp_path / "later")


def one(owner: psycopg.Connection, question: Any) -> Any:
    row = owner.execute(question).fetchone()
    return row and row[0]


def refused(url: str, code: str, **how: Any) -> str:
    with pytest.raises(SecondBrainError) as error:
        update_schema(url, how.pop("phase", "expand"), **how)
    assert error.value.exact_code == code
    assert len(error.value.detail.split()) > 10, "a sentence a person can act on"
    return error.value.detail


def test_a_deploy_expands_first_and_contracts_when_the_new_code_is_there(
    url: str, owner: psycopg.Connection, more: tuple[Path, ...]
) -> None:
    add_revision(more[1], "0102", after=HEAD, release="0.2.0", sql="CREATE TABLE wide (id int)")
    add_revision(more[1], "0103", after="0102", release="0.3.0", sql="DROP TABLE wide", works_with="0.2.0")
    expanded = update_schema(url, "expand", versions=more)
    assert expanded == SchemaUpdate(before=HEAD, after="0102", ran=["0102"], pending=["0103"])
    assert one(owner, "SELECT to_regclass('wide') IS NOT NULL")
    assert update_schema(url, "expand", versions=more).ran == []
    contracted = update_schema(url, "contract", versions=more)
    assert contracted == SchemaUpdate(before="0102", after="0103", ran=["0103"], pending=[])
    assert one(owner, "SELECT to_regclass('wide') IS NULL")
    recorded = owner.execute(
        "SELECT revision, phase, works_with FROM schema_revisions WHERE revision >= %s ORDER BY revision", [HEAD]
    )
    assert recorded.fetchall() == [
        (HEAD, "expand", None),
        ("0102", "expand", None),
        ("0103", "contract", "0.2.0"),
    ]


def test_an_empty_database_has_no_old_code_so_the_first_deploy_runs_everything(
    postgres: Postgres, more: tuple[Path, ...]
) -> None:
    add_revision(more[1], "0102", after=HEAD, release="0.2.0", sql="SELECT 1", works_with="0.1.0")
    postgres.create_database("empty")
    try:
        update = update_schema(postgres.url("empty"), "expand", versions=more)
        assert (update.before, update.after, update.pending) == (None, "0102", [])
    finally:
        postgres.drop_database("empty")


def test_a_release_that_contracts_cannot_be_left_out(url: str, more: tuple[Path, ...]) -> None:
    add_revision(more[1], "0102", after=HEAD, release="0.2.0", sql="SELECT 1", works_with="0.1.0")
    add_revision(more[1], "0103", after="0102", release="0.3.0", sql="SELECT 1")
    assert "Deploy release 0.2.0 first" in refused(url, "release_skipped", versions=more)
    refused(url, "release_skipped", phase="contract", versions=more)
    assert update_schema(url, "all", versions=more).ran == ["0102", "0103"]


def test_a_revision_that_fails_leaves_nothing_and_those_before_it_stay(
    url: str, owner: psycopg.Connection, more: tuple[Path, ...]
) -> None:
    add_revision(more[1], "0102", after=HEAD, release="0.2.0", sql="CREATE TABLE whole (id int)")
    add_revision(
        more[1], "0103", after="0102", release="0.2.0", sql="CREATE TABLE half (id int); SELECT 1 / (SELECT 0)"
    )
    detail = refused(url, "migration_failed", versions=more)
    assert "22012" in detail
    assert "the database is at 0102" in detail
    assert one(owner, "SELECT to_regclass('whole') IS NOT NULL AND to_regclass('half') IS NULL")
    assert one(owner, "SELECT version_num FROM alembic_version") == "0102"


def test_a_table_in_use_is_given_up_and_had_when_the_deploy_is_repeated(
    url: str, owner: psycopg.Connection, more: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.db.migrations.sole_migrator._BEGINNING", ("SET lock_timeout = '50ms'",))
    add_revision(more[1], "0102", after=HEAD, release="0.2.0", sql="ALTER TABLE users ADD COLUMN more int")
    with owner.transaction():
        owner.execute("SELECT count(*) FROM users")
        assert "Deploy again" in refused(url, "migration_locked_out", versions=more)
    assert update_schema(url, "expand", versions=more).ran == ["0102"]


def test_two_deploys_at_once_wait_for_one_another_and_not_for_ever(url: str) -> None:
    with sole_migrator(url), pytest.raises(Busy) as error:
        update_schema(url, "expand", wait_seconds=1)
    assert error.value.exact_code == "migration_running"
    assert update_schema(url, "expand").after == HEAD


def test_an_index_is_made_beside_the_work_of_others(
    url: str, owner: psycopg.Connection, more: tuple[Path, ...]
) -> None:
    add_revision(
        more[1],
        "0102",
        after=HEAD,
        release="0.2.0",
        sql="DROP INDEX CONCURRENTLY IF EXISTS by_credits;\nCREATE INDEX CONCURRENTLY by_credits ON users (credits)",
        apart=True,
    )
    assert update_schema(url, "expand", versions=more).ran == ["0102"]
    assert one(owner, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'by_credits'::regclass")


def test_a_database_at_a_revision_nobody_knows_is_left_alone(url: str, owner: psycopg.Connection) -> None:
    owner.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "at revision 9999" in refused(url, "schema_unknown")
    refused(url, "schema_unknown", phase="all")
    assert one(owner, "SELECT version_num FROM alembic_version") == "9999"


def test_an_older_release_comes_back_over_a_schema_that_was_only_expanded(url: str, more: tuple[Path, ...]) -> None:
    """As CloudFormation does when a deploy fails half-way: its own trigger must not stop it."""
    add_revision(more[1], "0102", after=HEAD, release="0.2.0", sql="SELECT 1")
    update_schema(url, "expand", versions=more)
    assert update_schema(url, "expand") == SchemaUpdate(before="0102", after="0102", newer=["0102"])


def test_an_older_release_comes_back_over_a_contraction_only_if_it_works_with_it(
    url: str, more: tuple[Path, ...]
) -> None:
    add_revision(more[1], "0102", after=HEAD, release="0.10.0", sql="SELECT 1", works_with="0.9.0")
    update_schema(url, "all", versions=more)
    assert update_schema(url, "expand", release="0.9.0").newer == ["0102"]
    assert "0.2.0 does not know" in refused(url, "schema_unknown", release="0.2.0")


def test_the_trigger_of_a_deploy_says_nothing_and_only_expands() -> None:
    assert MigrateOrder.model_validate({}).phase == "expand"
    with pytest.raises(ValueError, match="phase"):
        MigrateOrder.model_validate({"phase": "contrakt"})


def test_the_database_is_not_asked_for_what_a_wrong_password_opens(postgres: Postgres) -> None:
    with pytest.raises((psycopg.OperationalError, Conflict)):
        update_schema(postgres.url("nothing_here"), "expand")
