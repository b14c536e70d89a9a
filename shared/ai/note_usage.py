"""Keeps what a question cost the moment it was asked."""

import psycopg

from shared.ai.capabilities import Usage
from shared.ai.record_usage import record_usage
from shared.db.connection import Database
from shared.errors import SecondBrainError
from shared.ids import UserId
from shared.telemetry import log


def note_usage(db: Database, user_id: UserId, usage: Usage) -> None:
    """Write it down without waiting for the disk. Nobody's answer fails because that failed: it is logged instead."""
    try:
        db.tell(lambda tx: record_usage(tx, user_id, usage, may_be_lost=True))
    except (SecondBrainError, psycopg.Error) as error:
        log.warning("usage of a query not recorded", extra={"error": type(error).__name__})
