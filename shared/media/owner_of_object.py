"""Whose upload an object is."""

from shared.db.connection import Transaction
from shared.ids import MediaId, UserId
from shared.media import repository


def owner_of_object(tx: Transaction, object_key: str) -> tuple[UserId, MediaId] | None:
    """By our own row, never by parsing the key; None for a key we did not make."""
    return repository.owner_of_object(tx, object_key)
