"""Keeps what embedding a question cost, whatever came of it."""

from dataclasses import replace

from shared.ai.capabilities import Usage
from shared.ai.note_usage import note_usage
from shared.db.connection import Database
from shared.ids import UserId


def note_query(db: Database, user_id: UserId, usage: Usage | None) -> None:
    """Note it as `embed_query`, and what calls before it cost in vain. None: it cost nothing."""
    if usage is not None:
        wasted = tuple(replace(call, operation="embed_query") for call in usage.wasted)
        note_usage(db, user_id, replace(usage, operation="embed_query", wasted=wasted))
