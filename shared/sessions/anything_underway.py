"""Whether the sweep should look again soon."""

from shared.db.connection import Database
from shared.jobs.overdue import any_step_underway
from shared.outbox.any_unsent import any_unsent


def anything_underway(system_db: Database) -> bool:
    """Whether a message is to be sent, or a worker is at a step, should be, or was a short while ago.

    What dies right after a look is then seen by the next one, 20 seconds later, and not by the next minute's.
    """
    with system_db.transaction(None) as tx:
        return any_unsent(tx) or any_step_underway(tx)
