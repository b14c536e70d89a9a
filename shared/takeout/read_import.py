"""One import of a user's."""

from shared.db.connection import Database
from shared.errors import NotFound
from shared.ids import UserId
from shared.takeout import repository
from shared.takeout.model import Transfer, TransferId, TransferKind


def read_import(db: Database, user_id: UserId, import_id: TransferId) -> Transfer:
    """Where it stands. Raises NotFound."""
    with db.transaction(user_id) as tx:
        found = repository.find(tx, user_id, import_id)
    if found is None or found.kind is not TransferKind.IMPORT:
        raise NotFound
    return found
