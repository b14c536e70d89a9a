"""Alembic's entry: one transaction for each revision, in which it is also put on record."""

from typing import Any, cast

import psycopg
from alembic import context

from shared.db.migrations.chain import described

_RECORD = """
INSERT INTO schema_revisions (revision, phase, release, works_with)
VALUES (%(id)s, %(phase)s, %(release)s, %(works_with)s)
"""


def _record(ctx: Any, step: Any, heads: object, run_args: object) -> None:  # noqa: ANN401, ARG001 - as Alembic calls it
    """What older code asks, should it meet a revision it does not know (docs/adr/0045)."""
    driver = cast("psycopg.Connection[Any]", ctx.connection.connection.driver_connection)
    if driver.execute("SELECT to_regclass('schema_revisions')").fetchone() == (None,):
        return
    revision = described(context.script.get_revision(step.up_revision_id))
    if step.is_upgrade:
        driver.execute(_RECORD, vars(revision))
    else:
        driver.execute("DELETE FROM schema_revisions WHERE revision = %s", [revision.id])


context.configure(
    connection=context.config.attributes["connection"], transaction_per_migration=True, on_version_apply=_record
)
with context.begin_transaction():
    context.run_migrations()
