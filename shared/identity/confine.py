"""Confines the transaction that follows recognition."""

from shared.db.selection import Selection
from shared.identity import repository
from shared.ids import UserId


def confine(firebase_uid: str) -> Selection[UserId]:
    """Selects the user's id, and sets them for its transaction."""
    return repository.confining(firebase_uid)
