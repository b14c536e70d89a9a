"""The revisions of the schema: one line, each says its phase, and old code notices none of those that expand."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from shared.db.check_schema import NEEDED_REVISION
from shared.db.migrations.alembic_config import VERSIONS, alembic_config
from shared.db.migrations.chain import read_chain
from shared.db.revision_plan import Revision
from shared.version import VERSION
from tests.fixtures.expanding import harms

CHAIN = read_chain(alembic_config())
FIRST_RULED = "0021"
"""Older ones came before anything was deployed: they ran on empty databases only."""


def _number(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split("."))


def faults(chain: Sequence[Revision], newest: str) -> list[str]:
    """What is wrong with a chain of revisions."""
    ids = [step.id for step in chain]
    found = [f"{step} is not of four digits" for step in ids if not re.fullmatch(r"[0-9]{4}", step)]
    found += ["numbers do not grow"] if ids != sorted(set(ids)) else []
    for before, step in zip([None, *chain], chain, strict=False):
        if before and _number(step.release) < _number(before.release):
            found.append(f"{step.id} is of an older release than {before.id}")
        if before and (before.phase, step.phase, before.release) == ("contract", "expand", step.release):
            found.append(f"{step.id} expands after {before.id} contracts, in one release: neither phase can run it")
        if (step.phase == "contract") != (step.works_with is not None):
            found.append(f"{step.id}: WORKS_WITH is for those that contract")
        if step.works_with and _number(step.works_with) >= _number(step.release):
            found.append(f"{step.id} would break the release before it, whose code still runs when it does")
        if _number(step.release) > _number(newest):
            found.append(f"{step.id} is of a release to come")
    return found


def test_the_chain_obeys_its_laws() -> None:
    assert faults(CHAIN, VERSION) == []


def step(number: str, release: str = "0.2.0", works_with: str | None = None) -> Revision:
    return Revision(id=number, phase="contract" if works_with else "expand", release=release, works_with=works_with)


@pytest.mark.parametrize(
    ("chain", "fault"),
    [
        ([step("0001"), step("2")], "2 is not of four digits"),
        ([step("0002"), step("0001")], "numbers do not grow"),
        ([step("0001", "0.2.0"), step("0002", "0.1.9")], "0002 is of an older release"),
        ([step("0001", "0.2.0", "0.1.0"), step("0002", "0.2.0")], "0002 expands after 0001"),
        ([step("0001", "0.2.0", "0.2.0")], "0001 would break the release before"),
        ([step("0001", "0.10.0")], "0001 is of a release to come"),
        ([Revision(id="0001", phase="contract", release="0.2.0")], "0001: WORKS_WITH"),
    ],
)
def test_a_chain_that_could_not_be_deployed_is_found_out(chain: Sequence[Revision], fault: str) -> None:
    assert [found for found in faults(chain, "0.9.0") if found.startswith(fault)]


def test_a_contraction_and_an_expansion_of_the_next_release_may_follow_one_another() -> None:
    chain = [step("0001"), step("0002", "0.3.0", "0.2.0"), step("0003", "0.4.0"), step("0004", "0.5.0", "0.4.0")]
    assert faults(chain, "0.5.0") == []


def test_health_asks_for_the_newest_revision_that_expands() -> None:
    assert [revision.id for revision in CHAIN if revision.phase == "expand"][-1] == NEEDED_REVISION


@pytest.mark.parametrize(
    "revision", [revision.id for revision in CHAIN if revision.phase == "expand" and revision.id >= FIRST_RULED]
)
def test_a_revision_that_expands_does_nothing_old_code_would_notice(revision: str) -> None:
    (script,) = (VERSIONS.parent / "sql").glob(f"{revision}_*.up.sql")
    assert harms(script.read_text()) == []


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE users DROP COLUMN email",
        "DROP TABLE users",
        "ALTER TABLE users RENAME COLUMN email TO mail",
        "ALTER TABLE users ALTER COLUMN email TYPE citext",
        "ALTER TABLE users ALTER COLUMN email SET NOT NULL",
        "ALTER TABLE users ADD COLUMN a text, ADD COLUMN b text NOT NULL",
        "CREATE INDEX by_email ON users (email)",
        "CREATE TABLE mine (id int); CREATE UNIQUE INDEX ON users (email)",
        "ALTER TABLE users ADD CONSTRAINT short CHECK (length(email) < 9)",
        "REVOKE UPDATE ON users FROM second_brain_app",
        "UPDATE users SET email = lower(email)",
        "-- why not\nALTER TABLE users DROP COLUMN email",
    ],
)
def test_what_old_code_would_notice_is_found_out(sql: str) -> None:
    assert len(harms(sql)) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE users ADD COLUMN a text, ADD COLUMN b text NOT NULL DEFAULT ''",
        "CREATE INDEX CONCURRENTLY by_email ON users (email)",
        "CREATE TABLE mine (id int); CREATE INDEX ON mine (id); ALTER TABLE mine DROP COLUMN id",
        "ALTER TABLE users ADD CONSTRAINT short CHECK (length(email) < 9) NOT VALID",
        "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ DELETE FROM users; $$",
        "-- Safe while old code runs: nobody ever wrote it.\nALTER TABLE users DROP COLUMN email",
    ],
)
def test_what_nobody_notices_may_be_done(sql: str) -> None:
    assert harms(sql) == []


def test_each_revision_has_its_way_forward_and_back() -> None:
    sql = {path.name for path in (VERSIONS.parent / "sql").glob("*.sql")}
    stems = {Path(path).stem for path in VERSIONS.glob("0*.py")}
    assert sql == {f"{stem}.{way}.sql" for stem in stems for way in ("up", "down")}
