"""Sessions of all users, for administrators."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.db.connection import Transaction
from shared.sessions import facts_repository
from shared.sessions.facts import FactsFilter, SessionFacts


def list_session_facts(
    tx: Transaction, wanted: FactsFilter, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[SessionFacts]:
    """A page, newest first. Needs the system role."""
    return facts_repository.facts(tx, wanted, before=before, limit=limit)
