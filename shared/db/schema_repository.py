"""The SQL that asks how old the schema is."""

from shared.db.connection import Transaction


def schema_revision(tx: Transaction) -> str | None:
    """The number of the newest revision that was run, such as `0021`; None when none was.

    Raises psycopg's UndefinedTable and InsufficientPrivilege in databases older than 0021.
    """
    row = tx.execute(
        """
        SELECT version_num
        FROM alembic_version
        """
    ).fetchone()
    return None if row is None else str(row[0])
