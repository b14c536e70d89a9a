"""An operator makes an administrator a user like others, on record."""

from shared.account.appointments import Appointment
from shared.account.find_by_uid import find_by_uid
from shared.audit.model import Action
from shared.audit.record_deed import record_deed
from shared.db.connection import Database
from shared.errors import NotFound
from shared.identity.remove_administrator import remove_administrator


def dismiss_administrator(db: Database, wanted: Appointment) -> bool:
    """False when they are none. `db` connects as the owner. It holds from the next request on. Raises NotFound."""
    user = find_by_uid(db, wanted.firebase_uid)
    if user is None:
        raise NotFound("Nobody with this uid has signed in yet.")
    with db.transaction(user.id) as tx:
        was_one = remove_administrator(tx, user.id)
        if was_one:
            record_deed(tx, wanted.deed(Action.DISMISS, user.id))
    return was_one
