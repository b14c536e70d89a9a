"""What is put into one message to the database, and so takes one round trip: statements without parameters."""

from collections.abc import Sequence

from psycopg import sql

from shared.ids import UserId


def beginning_of(user_id: UserId | None, *, may_be_lost: bool, is_snapshot: bool) -> sql.Composed:
    """BEGIN and what must follow it, as one query: without parameters it takes one round trip."""
    begin = sql.SQL("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") if is_snapshot else sql.SQL("BEGIN")
    parts: list[sql.Composable] = [begin]
    if user_id is not None:
        parts.append(sql.SQL("SELECT set_config('app.user_id', {}, true)").format(str(user_id)))
    if may_be_lost:
        parts.append(sql.SQL("SET LOCAL synchronous_commit = off"))
    return sql.SQL("; ").join(parts)


def ahead_of(asked: Sequence[str], beginning_for: str | None) -> str:
    """What is asked is committed without waiting for the disk: what later commits wait for is behind it in the log."""
    parts = ["BEGIN; SET LOCAL synchronous_commit = off", *asked, "COMMIT"]
    if beginning_for is not None:
        parts += ["BEGIN", beginning_for]
    return "; ".join(parts)
