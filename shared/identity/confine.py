"""Confines the transaction that follows recognition."""

from psycopg import sql

from shared.identity import repository


def confine(firebase_uid: str) -> sql.Composed:
    """The question that answers the user's id and sets them for its transaction."""
    return repository.confining(firebase_uid)
