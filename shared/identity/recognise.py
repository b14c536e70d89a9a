"""Who a Firebase uid belongs to."""

from shared.db.connection import Transaction
from shared.identity import repository
from shared.identity.model import RecognisedUser


def recognise(tx: Transaction, firebase_uid: str) -> RecognisedUser | None:
    """The user, or None at first sight. The one question asked before a tenant is set."""
    return repository.recognise(tx, firebase_uid)
