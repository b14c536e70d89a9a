"""An operator makes somebody an administrator, on record."""

from shared.account.appointments import Appointment
from shared.account.find_by_uid import find_by_uid
from shared.audit.model import Action
from shared.audit.record_deed import record_deed
from shared.db.connection import Database
from shared.errors import Conflict, NotFound
from shared.identity.put_administrator import put_administrator
from shared.ids import UserId


def appoint_administrator(db: Database, wanted: Appointment) -> bool:
    """False when they are one already. `db` connects as the owner of the database: no function that serves requests.

    The token must say so, too (custom claim `role`); that is Firebase's to give.
    Raises NotFound before they have signed in once, and Conflict for an account that is shut or gone.
    """
    user_id = _find_open_account(db, wanted.firebase_uid)
    with db.transaction(user_id) as tx:
        is_new = put_administrator(tx, user_id, appointed_by=wanted.appointed_by, reason=wanted.reason)
        if is_new:
            record_deed(tx, wanted.deed(Action.APPOINT, user_id))
    return is_new


def _find_open_account(db: Database, firebase_uid: str) -> UserId:
    """Raises NotFound and Conflict."""
    user = find_by_uid(db, firebase_uid)
    if user is None:
        raise NotFound("Nobody with this uid has signed in yet: let them do so once.")
    if user.is_disabled:
        raise Conflict("This account is disabled, or deleted. Enable it first.")
    return user.id
