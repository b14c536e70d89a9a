"""Whose a Firebase uid is, for operators, who are handed nothing else."""

from shared.db.connection import Database
from shared.identity.model import RecognisedUser
from shared.identity.recognise import recognise


def find_by_uid(db: Database, firebase_uid: str) -> RecognisedUser | None:
    """The user, disabled or not; None before their first sign-in."""
    recognising = recognise(firebase_uid)
    return recognising.of(db.ask_ahead([recognising], beginning_for=None)[0])
