"""Signs a user out everywhere: at Firebase first, then with us."""

from uuid import UUID

from shared.db.connection import Database
from shared.identity.accounts import Accounts
from shared.identity.drop_device import drop_device
from shared.identity.end_sign_ins import end_sign_ins
from shared.ids import UserId


def log_out(db: Database, accounts: Accounts, user_id: UserId, *, firebase_uid: str, device_id: UUID | None) -> None:
    """No token of any sign-in until now counts any more; that phone, if one is named, is told nothing more.

    Raises VendorDown: then nothing was changed. Should we fail where Firebase did not, the next route that asks it
    remembers for us what it says.
    """
    accounts.sign_out(firebase_uid)
    with db.transaction(user_id) as tx:
        end_sign_ins(tx, user_id)
        if device_id is not None:
            drop_device(tx, user_id, device_id)
