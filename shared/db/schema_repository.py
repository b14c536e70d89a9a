"""The SQL that asks how old the schema is, and that lets roles sign in."""

import psycopg
from psycopg import sql

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


def set_password(owner: psycopg.Connection, role: str, password: str) -> None:
    """In the clear, over an encrypted connection: managed servers refuse what was hashed elsewhere."""
    statement = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}")
    owner.execute(statement.format(sql.Identifier(role), sql.Literal(password)))


def takes_tokens(owner: psycopg.Connection) -> bool:
    """Whether the server is one of RDS, and lets roles in by IAM."""
    row = owner.execute(
        """
        SELECT EXISTS (
          SELECT
          FROM pg_roles
          WHERE rolname = 'rds_iam'
        )
        """
    ).fetchone()
    return row == (True,)


def may_sign_in_by_iam(owner: psycopg.Connection, role: str) -> None:
    """From then on, on RDS, the role gets in by a token only."""
    owner.execute(sql.SQL("GRANT rds_iam TO {}").format(sql.Identifier(role)))
