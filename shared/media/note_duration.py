"""Keeps how long a recording really is, and how long somebody speaks in it."""

from shared.db.connection import Transaction
from shared.ids import MediaId, UserId
from shared.media import repository


def note_duration(tx: Transaction, user_id: UserId, media_id: MediaId, *, duration_ms: int, speech_ms: int) -> None:
    """As probed from the bytes, never as the phone claimed."""
    repository.set_duration(tx, user_id, media_id, duration_ms=duration_ms, speech_ms=speech_ms)
