"""Writes down that a user wants everything, and tells the worker."""

from shared.db.connection import Transaction
from shared.ids import UserId, new_id
from shared.outbox.announce import announce
from shared.outbox.model import Announcement
from shared.takeout import repository
from shared.takeout.model import EXPORT_QUEUE, Transfer, TransferId, TransferKind, TransferState, body_of


def begin_export(tx: Transaction, user_id: UserId) -> tuple[Transfer, Announcement] | None:
    """A pending export and its message; None when one is under way."""
    export = repository.insert(tx, user_id, TransferId(new_id()), kind=TransferKind.EXPORT, state=TransferState.PENDING)
    return None if export is None else (export, announce(tx, user_id, EXPORT_QUEUE, body_of(export.id)))
