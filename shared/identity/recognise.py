"""Who a Firebase uid belongs to."""

from shared.db.selection import Selection
from shared.identity import repository
from shared.identity.model import RecognisedUser


def recognise(firebase_uid: str, *, signed_in_at: int | None = None) -> Selection[RecognisedUser]:
    """What is selected first of all: the user, or no row at first sight. What is asked with it is asked for them.

    `signed_in_at` in seconds since 1970; a token that does not say it counts for whoever was never signed out.
    """
    return repository.recognising(firebase_uid, signed_in_at)
