"""An administrator gives credits, or takes some: with a reason, and on record."""

from uuid import UUID

from shared.audit.model import Action, Deed
from shared.audit.record_deed import record_deed
from shared.credits.adjust import adjust
from shared.credits.model import Credits
from shared.credits.read_standing import read_standing
from shared.db.connection import Database
from shared.errors import Invalid
from shared.idempotency.keep import Keep, keep_nothing
from shared.identity.as_administrator import as_administrator
from shared.ids import UserId
from shared.values import frozen


@frozen
class Adjustment:
    """What is wanted: `credits` to give (positive) or take; `id` makes a repeat the same adjustment."""

    id: UUID
    user_id: UserId
    credits: int
    reason: str


@frozen
class Adjusted:
    """Where the user then stands."""

    id: UUID
    user_id: UserId
    credits: int
    debt: int
    is_new: bool


def adjust_credits(
    db: Database, actor_id: UserId, wanted: Adjustment, *, keep: Keep[Adjusted] = keep_nothing
) -> Adjusted:
    """Once for each id. `db` connects as the system role.

    Raises:
        Invalid: nothing is to be changed.
        Forbidden: the actor is no administrator.
        NotFound: there is no such user.
        Conflict: more is to be taken than there is, or the id named another adjustment.
    """
    if wanted.credits == 0:
        raise Invalid("Say how many credits to give, or to take as a negative number.", code="value_invalid")
    with as_administrator(db, actor_id, wanted.user_id) as tx:
        is_new = adjust(tx, wanted.user_id, Credits(wanted.credits), ref=str(wanted.id))
        if is_new:
            record_deed(tx, _deed(actor_id, wanted))
        standing = read_standing(tx, wanted.user_id)
        adjusted = Adjusted(
            id=wanted.id, user_id=wanted.user_id, credits=standing.credits, debt=standing.debt, is_new=is_new
        )
        keep(tx, adjusted)
    return adjusted


def _deed(actor_id: UserId, wanted: Adjustment) -> Deed:
    return Deed(
        actor_id=actor_id,
        action=Action.ADJUST_CREDITS,
        subject=f"adjustment {wanted.id}",
        subject_user_id=wanted.user_id,
        reason=wanted.reason,
        details={"credits": wanted.credits},
    )
