"""The only way in for what administrators do and see: the second check of who they are, of which no token knows."""

from collections.abc import Generator
from contextlib import contextmanager

from shared.db.connection import Database, Transaction
from shared.errors import Forbidden
from shared.identity import repository
from shared.ids import UserId


@contextmanager
def as_administrator(
    db: Database, actor_id: UserId, user_id: UserId | None = None, *, is_snapshot: bool = False
) -> Generator[Transaction]:
    """A transaction of the system role for somebody who is an administrator at this moment.

    With `user_id` it is confined to that user's rows. The token's claim was checked by the edge; this asks the table
    that nobody but the owner of the database writes, in the very transaction that reads or changes.
    Raises Forbidden before anything is done.
    """
    with db.transaction(user_id, is_snapshot=is_snapshot) as tx:
        if not repository.is_administrator(tx, actor_id):
            raise Forbidden("This is for administrators who are appointed.", code="admin_only")
        yield tx
