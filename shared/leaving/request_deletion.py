"""From here on the account opens nothing any more: it is known as deleted."""

from hashlib import sha256

from shared import telemetry
from shared.db.connection import Transaction
from shared.identity.disable_user import disable_user
from shared.ids import UserId, new_id
from shared.leaving import repository
from shared.leaving.model import FIRST_PAUSE


def request_deletion(tx: Transaction, user_id: UserId) -> None:
    """Disable the user, and write down what is to be done; nothing where that was asked for before."""
    firebase_uid = disable_user(tx, user_id)
    if firebase_uid is None:
        return
    if repository.insert(tx, user_id, new_id(), uid_hash=sha256(firebase_uid.encode()).digest()):
        correlation_id = telemetry.correlation_id() or str(new_id())
        repository.begin(tx, user_id, firebase_uid=firebase_uid, correlation_id=correlation_id, pause=FIRST_PAUSE)
