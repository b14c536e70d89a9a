"""Asks whoever signs people in whether a caller is still signed in: before what cannot be undone, or costs money."""

from datetime import timedelta

from shared.db.connection import Database
from shared.errors import Forbidden, Unauthenticated
from shared.identity.accounts import Accounts
from shared.identity.end_sign_ins import end_sign_ins
from shared.identity.model import SignIn
from shared.ids import UserId

REVOKED = "You were signed out. Sign in again."
DISABLED = "This account is disabled. Write to support to have it opened."


def check_sign_in(
    db: Database, accounts: Accounts, user_id: UserId, *, firebase_uid: str, auth_time: int | None
) -> None:
    """Return when the sign-in counts. `auth_time`: its second, since 1970.

    What was learned is kept, so that every other route refuses the token as well, without asking.

    Raises:
        Unauthenticated: it was ended, or the account is gone (`token_revoked`).
        Forbidden: the account is disabled (`account_disabled`).
        VendorDown: nobody can say.
    """
    found = accounts.look(firebase_uid)
    if found is not None and found.is_disabled:
        raise Forbidden(DISABLED, code="account_disabled")
    if not _counts(found, auth_time):
        if found is not None and found.valid_since is not None:
            with db.transaction(user_id) as tx:
                end_sign_ins(tx, user_id, up_to=found.valid_since - timedelta(seconds=1))
        raise Unauthenticated(REVOKED, code="token_revoked")


def _counts(found: SignIn | None, auth_time: int | None) -> bool:
    """Whole seconds, as Firebase counts: an account's first sign-in is of the second in which it was made."""
    if found is None:
        return False
    return found.valid_since is None or (auth_time is not None and auth_time >= found.valid_since.timestamp())
