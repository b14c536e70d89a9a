"""Writes down what an administrator does, in the transaction that does it."""

from shared import telemetry
from shared.audit import repository
from shared.audit.model import Deed
from shared.db.connection import Transaction
from shared.ids import new_id


def record_deed(tx: Transaction, deed: Deed) -> None:
    """Keep it with the correlation id of the request; `tx` belongs to the system role, or to the owner."""
    repository.insert(tx, deed, correlation_id=telemetry.correlation_id() or str(new_id()))
