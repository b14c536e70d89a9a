"""Writes down that an administrator looked at people."""

from collections.abc import Sequence

from shared.audit.model import Action, Deed
from shared.audit.record_deed import record_deed
from shared.db.connection import Transaction
from shared.ids import UserId

LOOKED = "looked up"
"""No reason is asked of whoever looks: one that is typed a hundred times a day says nothing."""


def note_look(
    tx: Transaction, actor_id: UserId, what: str, *, user_id: UserId | None = None, filters: Sequence[str] = ()
) -> None:
    """Keep who looked at what of whom, in the transaction that reads it.

    Of filters the names only: the record outlives an account, and an e-mail address must not live on in it.
    """
    deed = Deed(
        actor_id=actor_id,
        action=Action.LOOK,
        subject=what,
        subject_user_id=user_id,
        reason=LOOKED,
        details={"filters": list(filters)} if filters else {},
    )
    record_deed(tx, deed)
