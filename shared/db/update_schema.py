"""Brings the schema to where a release needs it, as far as the phase of the deploy allows."""

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import psycopg
from alembic import command
from alembic.config import Config

from shared.db.migrations.alembic_config import VERSIONS, alembic_config
from shared.db.migrations.chain import read_chain
from shared.db.migrations.sole_migrator import WAIT_SECONDS, current_revision, recorded_revisions, sole_migrator
from shared.db.revision_plan import Phase, Revision, may_run, plan_steps
from shared.errors import Busy, Conflict
from shared.telemetry import log
from shared.values import frozen
from shared.version import VERSION


@frozen
class SchemaUpdate:
    """From which revision to which (None: an empty database), what was run, and what waits for the other phase.

    `newer` are revisions the database has and this release does not know; nothing was run then.
    """

    before: str | None
    after: str | None
    ran: Sequence[str] = ()
    pending: Sequence[str] = ()
    newer: Sequence[str] = ()


def update_schema(
    owner_url: str,
    phase: Phase,
    *,
    release: str = VERSION,
    wait_seconds: int = WAIT_SECONDS,
    versions: tuple[Path, ...] = (VERSIONS,),
) -> SchemaUpdate:
    """Run what the phase allows, each revision in a transaction of its own: one that fails leaves nothing behind.

    Raises:
        Busy: somebody else migrates (`migration_running`), or a table is in use (`migration_locked_out`).
        Conflict: the database is newer than this release can work with (`schema_unknown`), a release was left out
            (`release_skipped`), or a revision failed (`migration_failed`).
    """
    with sole_migrator(owner_url, wait_seconds=wait_seconds) as connection:
        config = alembic_config(connection, versions=versions)
        chain, at = read_chain(config), current_revision(connection)
        if at is not None and at not in {revision.id for revision in chain}:
            newer = _tolerated(at, chain, recorded_revisions(connection), release)
            return SchemaUpdate(before=at, after=at, newer=newer)
        plan = plan_steps(chain, at, phase)
        reached = at
        for step in plan.steps:
            _run(config, step, reached)
            reached = step.id
    return SchemaUpdate(
        before=at,
        after=reached,
        ran=[step.id for step in plan.steps],
        pending=[step.id for step in plan.pending],
    )


def _tolerated(at: str, chain: Sequence[Revision], recorded: Sequence[Revision], release: str) -> list[str]:
    """The revisions this release does not know and works with all the same: the database itself must say so."""
    known = {revision.id for revision in chain}
    newer = [revision for revision in recorded if revision.id not in known]
    if at in {revision.id for revision in newer} and may_run(newer, release):
        log.warning("schema newer than this release", extra={"revision": at, "release": release})
        return [revision.id for revision in newer]
    raise Conflict(
        f"The database is at revision {at}, which release {release} does not know and cannot work with: its newest is "
        f"{chain[-1].id}. Nothing was changed. Deploy the release that brought {at}, or a newer one; is DATABASE_URL "
        "the database of this stage?",
        code="schema_unknown",
    )


def _run(config: Config, step: Revision, reached: str | None) -> None:
    began = perf_counter()
    facts = {"revision": step.id, "phase": step.phase, "release": step.release}
    log.info("revision begun", extra=facts)
    left = f"Nothing of it was done; the database is at {reached or 'no revision yet'}."
    try:
        command.upgrade(config, step.id)
    except (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled) as error:
        raise Busy(
            f"Revision {step.id} did not get a table for itself within 5 s, or took more than 10 min. {left} "
            "Deploy again; if that does not help, look for long transactions in pg_stat_activity.",
            code="migration_locked_out",
        ) from error
    except psycopg.Error as error:
        raise Conflict(
            f"Revision {step.id} failed: PostgreSQL says {error.sqlstate}, {type(error).__name__}. {left}",
            code="migration_failed",
        ) from error
    log.info("revision done", extra={**facts, "took_ms": round((perf_counter() - began) * 1_000)})
