"""Alembic's entry: one transaction for each revision, and locks that give up rather than queue up."""

from alembic import context
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

# For the whole session, not SET LOCAL: each revision has a transaction of its own.
_TIMEOUTS = "-c lock_timeout=5s -c statement_timeout=10min"


def _migrate() -> None:
    url = context.config.get_main_option("sqlalchemy.url")
    if url is None:
        raise RuntimeError("env.py runs under shared.db.migrate, which names the database.")
    engine = create_engine(url, poolclass=NullPool, connect_args={"options": _TIMEOUTS})
    with engine.connect() as connection:
        context.configure(connection=connection, transaction_per_migration=True, on_version_apply=None)
        with context.begin_transaction():
            context.run_migrations()


_migrate()
