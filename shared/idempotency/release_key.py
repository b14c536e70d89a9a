"""Gives a key back whose request changed nothing."""

from shared.db.connection import Database
from shared.errors import Busy
from shared.idempotency import repository
from shared.idempotency.model import Claim
from shared.ids import UserId
from shared.telemetry import log


def release_key(db: Database, user_id: UserId, claim: Claim) -> None:
    """So that it can be sent again at once. When the database does not answer, the lease runs out by itself.

    Safe also when it is not known whether the change was made: then the answer stands beside it, or neither is there.
    """
    try:
        with db.transaction(user_id) as tx:
            repository.release(tx, user_id, claim.key, claim.id)
    except Busy as error:
        log.warning("a key waits for its lease", extra={"error": error.exact_code})
