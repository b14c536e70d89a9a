"""Recognises the caller; creates them, with their trial credits, at first sight."""

from shared.credits.grant_trial import grant_trial
from shared.db.connection import Database
from shared.errors import Busy, Forbidden
from shared.identity.create_user import create_user
from shared.identity.model import RecognisedUser
from shared.identity.recognise import recognise
from shared.ids import UserId, new_id


def recognise_user(db: Database, *, firebase_uid: str, email: str | None) -> RecognisedUser:
    """The caller's user. Raises Forbidden when the account is disabled."""
    user = _find(db, firebase_uid) or _create(db, firebase_uid, email) or _find(db, firebase_uid)
    if user is None:
        raise Busy("The account is being created. Try again.", is_momentary=True)
    if user.is_disabled:
        raise Forbidden("This account is disabled. Write to support to have it opened.", code="account_disabled")
    return user


def _find(db: Database, firebase_uid: str) -> RecognisedUser | None:
    return db.ask(lambda tx: recognise(tx, firebase_uid))


def _create(db: Database, firebase_uid: str, email: str | None) -> RecognisedUser | None:
    """The new user, or None when another request of the same phone was first."""
    user_id = UserId(new_id())
    with db.transaction(user_id) as tx:
        if not create_user(tx, user_id, firebase_uid=firebase_uid, email=email):
            return None
        grant_trial(tx, user_id, firebase_uid=firebase_uid)
    return RecognisedUser(id=user_id, is_disabled=False)
