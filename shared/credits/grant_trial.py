"""Gives the trial credits: once for each Firebase user, also after their account was deleted and made anew."""

from hashlib import sha256

from shared.credits import repository
from shared.credits.grant import grant
from shared.credits.model import TRIAL, Reason
from shared.db.connection import Transaction
from shared.ids import UserId


def grant_trial(tx: Transaction, user_id: UserId, *, firebase_uid: str) -> bool:
    """False when this Firebase user had the trial before, in whatever account.

    The claim outlives the account and names nobody: it is a hash of the uid.
    """
    if not repository.claim_trial(tx, sha256(firebase_uid.encode()).digest()):
        return False
    return grant(tx, user_id, TRIAL, reason=Reason.TRIAL, ref=firebase_uid)
