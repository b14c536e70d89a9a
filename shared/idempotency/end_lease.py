"""Lets a repeat of a served request be served anew."""

from shared.db.connection import Database
from shared.errors import Busy
from shared.idempotency import repository
from shared.idempotency.model import Claim
from shared.ids import UserId
from shared.telemetry import log


def end_lease(db: Database, user_id: UserId, claim: Claim) -> None:
    """At once, instead of when the lease runs out. The key goes on standing for this request."""
    try:
        with db.transaction(user_id, may_be_lost=True) as tx:
            repository.end_lease(tx, user_id, claim.key, claim.id)
    except Busy as error:
        log.warning("a key waits for its lease", extra={"error": error.exact_code})
