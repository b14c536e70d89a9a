"""Whom a push is for, and where it reaches them."""

from shared.db.connection import Transaction
from shared.identity import repository
from shared.identity.model import Addressee
from shared.ids import UserId

MOST_DEVICES = 100
"""A user with more phones than this is told on those that were registered or renewed last."""


def find_addressee(tx: Transaction, user_id: UserId) -> Addressee | None:
    """As it is now: choices and devices may have changed since there was something to tell. None without the user."""
    reader = repository.find_reader(tx, user_id)
    if reader is None:
        return None
    language, is_disabled, choices = reader
    devices = tuple(repository.devices(tx, user_id, limit=MOST_DEVICES))
    return Addressee(language=language, is_disabled=is_disabled, choices=choices, devices=devices)
