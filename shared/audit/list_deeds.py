"""What administrators did."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.audit import repository
from shared.audit.model import DeedFilter, KeptDeed
from shared.db.connection import Transaction


def list_deeds(
    tx: Transaction, wanted: DeedFilter, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[KeptDeed]:
    """A page, newest first. Needs the system role."""
    return repository.deeds(tx, wanted, before=before, limit=limit)
