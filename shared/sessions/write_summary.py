"""Keeps the title and summary made for a session."""

from shared.db.connection import Transaction
from shared.ids import SessionId, UserId
from shared.sessions import repository


def write_summary(tx: Transaction, user_id: UserId, session_id: SessionId, *, title: str, summary: str) -> None:
    """A title the user chose stays."""
    repository.write_summary(tx, user_id, session_id, title=title, summary=summary)
