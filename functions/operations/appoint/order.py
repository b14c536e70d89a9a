"""Carries out what an operator wrote, for the function and for the command alike."""

from functions.operations.appoint.schemas import AppointOrder
from shared.account.appoint_administrator import appoint_administrator
from shared.account.dismiss_administrator import dismiss_administrator
from shared.db.connection import Database
from shared.identity.account_facts import Administrator
from shared.identity.list_administrators import list_administrators


def carry_out(db: Database, order: AppointOrder) -> list[str]:
    """One line for each thing to tell. `db` connects as the owner. Raises what the use cases raise."""
    if order.what == "list":
        with db.transaction(None) as tx:
            found = list_administrators(tx)
        return [_line(one) for one in found]
    wanted = order.appointment()
    if order.what == "appoint":
        is_new = appoint_administrator(db, wanted)
        return [f"{wanted.firebase_uid} is an administrator{'' if is_new else ' already'}."]
    was_one = dismiss_administrator(db, wanted)
    return [f"{wanted.firebase_uid} is no administrator{' any more' if was_one else ''}."]


def _line(one: Administrator) -> str:
    return f"{one.firebase_uid}  since {one.created_at:%Y-%m-%d} by {one.appointed_by}: {one.reason}"
