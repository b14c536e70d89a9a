"""An administrator shuts an account, or opens it again."""

from shared.audit.model import Action, Deed
from shared.audit.record_deed import record_deed
from shared.db.connection import Database
from shared.errors import Conflict
from shared.idempotency.keep import Keep, keep_nothing
from shared.identity.account_facts import Account
from shared.identity.as_administrator import as_administrator
from shared.identity.find_account import find_account
from shared.identity.set_disabled import set_disabled
from shared.ids import UserId
from shared.values import frozen


@frozen
class Shutting:
    """Whose account is to be shut, or opened, and why."""

    user_id: UserId
    is_disabled: bool
    reason: str


def shut_account(db: Database, actor_id: UserId, wanted: Shutting, *, keep: Keep[Account] = keep_nothing) -> Account:
    """The account as it then is; on record, unless it was so already. `db` connects as the system role.

    Raises Forbidden, NotFound, and Conflict (`own_account`): nobody shuts themselves out by a wrong id.
    """
    if actor_id == wanted.user_id:
        raise Conflict("This is your own account: have another administrator do it.", code="own_account")
    with as_administrator(db, actor_id, wanted.user_id) as tx:
        if set_disabled(tx, wanted.user_id, is_disabled=wanted.is_disabled):
            record_deed(tx, _deed(actor_id, wanted))
        account = find_account(tx, wanted.user_id)
        keep(tx, account)
    return account


def _deed(actor_id: UserId, wanted: Shutting) -> Deed:
    return Deed(
        actor_id=actor_id,
        action=Action.DISABLE_USER if wanted.is_disabled else Action.ENABLE_USER,
        subject=f"user {wanted.user_id}",
        subject_user_id=wanted.user_id,
        reason=wanted.reason,
    )
