"""Whose a Firebase uid is, for operators, who are handed nothing else."""

from shared.db.connection import Database
from shared.identity.model import RecognisedUser
from shared.identity.recognise import recognise


def find_by_uid(db: Database, firebase_uid: str) -> RecognisedUser | None:
    """The user, disabled or not; None before their first sign-in."""
    question = recognise(firebase_uid)
    return question.read(db.ask_ahead([question.statement], beginning_for=None)[0])
