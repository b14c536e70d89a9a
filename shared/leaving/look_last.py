"""Looks once more when nobody can upload or buy any more, and forgets where anything could have been."""

from shared.db.connection import Database
from shared.ids import UserId
from shared.leaving import repository
from shared.leaving.carry_on_deletion import Patience
from shared.leaving.forget_customers import forget_customers
from shared.leaving.model import LAST_LOOK_AFTER
from shared.leaving.remove_objects import remove_objects
from shared.leaving.stores import Stores
from shared.metrics import count
from shared.telemetry import log


def look_last(system_db: Database, stores: Stores, account_id: UserId, patience: Patience) -> bool:
    """True when it was taken and nothing is left. An upload or a customer that was late is removed.

    A row that is left is a defect: it is reported, and the deletion stays where an operator sees it.
    Raises VendorDown and VendorRefused.
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
    if not remove_objects(system_db, stores.objects, account_id, is_late=patience.is_over):
        return False
    if not forget_customers(system_db, stores.customers, deletion):
        return False
    with system_db.transaction(account_id) as tx:
        repository.forget(tx, account_id)
    return True
