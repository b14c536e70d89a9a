"""Looks once more when nobody can upload any more, and forgets where anything could have been."""

from shared.db.connection import Database
from shared.ids import UserId
from shared.leaving import repository
from shared.leaving.carry_on_deletion import Patience
from shared.leaving.model import LAST_LOOK_AFTER
from shared.leaving.remove_objects import remove_objects
from shared.media.store import ObjectStore
from shared.metrics import count
from shared.telemetry import log


def look_last(system_db: Database, store: ObjectStore, account_id: UserId, patience: Patience) -> bool:
    """True when it was taken and nothing is left. An upload that was late is removed. Raises VendorDown.

    A row that is left is a defect: it is reported, and the deletion stays where an operator sees it.
    """
    with system_db.transaction(account_id) as tx:
        deletion = repository.read(tx, account_id, last_look_after=LAST_LOOK_AFTER)
        left = repository.rows_left(tx, account_id)
    if deletion is None or not deletion.is_over:
        return False
    count("deletion_leftovers", sum(left.values()))
    if left:
        log.error("rows are left of a deleted account", extra={"account_id": str(account_id), "tables": left})
        return False
    if not remove_objects(system_db, store, account_id, is_late=patience.is_over):
        return False
    with system_db.transaction(account_id) as tx:
        repository.forget(tx, account_id)
    return True
