"""Reports balances that are not the sum of their ledger: there must be none, and an alarm watches the number."""

from shared.credits.find_differences import find_differences
from shared.db.connection import Database
from shared.gauges.tell_gauges import tell_gauges
from shared.metrics import count, held
from shared.telemetry import log


def report_differences(db: Database) -> int:
    """How many users are off. `db` connects as the system role."""
    found = find_differences(db)
    if found:
        log.error("balance differs from ledger", extra={"users": [str(user_id) for user_id in found[:20]]})
    with held() as gauges:
        count("ledger_differences", len(found))
    with db.transaction(None) as tx:
        tell_gauges(tx, "ledger", gauges)
    return len(found)
