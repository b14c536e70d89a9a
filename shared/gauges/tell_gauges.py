"""Tells a group of gauges, unless all of them have been 0 for a while."""

from datetime import timedelta

from shared.db.connection import Transaction
from shared.gauges import repository
from shared.metrics import Held

TOLD_AFTER = timedelta(minutes=75)
"""For so long after the last that was above 0 all are told still: longer than any alarm on a gauge looks back, an hour,
so that it sees a 0 and ends."""


def tell_gauges(tx: Transaction, group: str, gauges: Held) -> bool:
    """Whether they were told: what is above 0 always is. `tx` is the system role's.

    CloudWatch is paid for each metric and hour. An alarm on a gauge keeps its state while nobody tells it, so the last
    word must be a 0; that it was said must outlive the function's environment, and so the database remembers it.
    """
    if gauges.is_above_zero:
        repository.note_above_zero(tx, group)
    elif not repository.was_above_zero(tx, group, within=TOLD_AFTER):
        return False
    gauges.tell()
    return True
