"""What the worker does with a message about a deletion: goes on with it, or takes the last look."""

from shared.db.connection import Database
from shared.errors import NotFound
from shared.ids import UserId
from shared.leaving.carry_on_deletion import Patience, carry_on_deletion
from shared.leaving.look_last import look_last
from shared.leaving.stores import Stores
from shared.telemetry import log


def work_on_deletion(system_db: Database, stores: Stores, account_id: UserId, patience: Patience) -> None:
    """A store that is away is no failure: the sweep hands the deletion over again.

    At the last look it is: raises VendorDown and VendorRefused.
    """
    try:
        certificate = carry_on_deletion(system_db, stores, account_id, patience)
    except NotFound:
        log.warning("nobody asked for this deletion", extra={"account_id": str(account_id)})
        return
    if certificate.finished_at is not None:
        look_last(system_db, stores, account_id, patience)
