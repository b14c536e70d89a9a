"""Says whether the database answers, and has what this code needs."""

from psycopg.errors import InsufficientPrivilege, UndefinedTable

from shared.db.connection import Database
from shared.db.schema_repository import schema_revision
from shared.errors import SchemaBehind

NEEDED_REVISION = "0024"
"""The newest revision that expands the schema, as this code was written for it: a test compares them."""


def check_schema(db: Database) -> None:
    """Ask once. A schema that is newer is well: what it lost no code of ours used (docs/adr/0045).

    Raises:
        SchemaBehind: the migrations of this release have not run.
        DatabaseUnavailable: there is no answer.
    """
    try:
        revision = db.ask(schema_revision)
    except (UndefinedTable, InsufficientPrivilege):
        revision = None
    if revision is None or revision < NEEDED_REVISION:
        raise SchemaBehind(f"The database is at revision {revision or '0020 or older'}; {NEEDED_REVISION} is needed.")
