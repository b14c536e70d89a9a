"""Reads how much waits in each table."""

from shared.ai.open_breakers import open_breakers
from shared.db.connection import Transaction
from shared.inbox.count_received import count_received
from shared.jobs.counting import count_steps, count_unfinished_jobs, steps_stuck
from shared.leaving.count_deletions import count_deletions
from shared.media.count_pending import count_pending
from shared.outbox.count_unsent import count_unsent
from shared.status.model import Tables

_MOST_STUCK = 100


def read_tables(tx: Transaction) -> Tables:
    """Of all users, so it needs the system role. Of the stuck steps, the oldest hundred."""
    return Tables(
        steps=count_steps(tx),
        stuck=steps_stuck(tx, limit=_MOST_STUCK),
        jobs=count_unfinished_jobs(tx),
        outbox=count_unsent(tx),
        inbox=count_received(tx),
        uploads=count_pending(tx),
        deletions=count_deletions(tx),
        breakers=open_breakers(tx),
    )
