"""Who a Firebase uid belongs to."""

from typing import Any

from shared.db.question import Question
from shared.identity import repository
from shared.identity.model import RecognisedUser


def recognise(firebase_uid: str, *, signed_in_at: int | None = None) -> Question[RecognisedUser | None]:
    """The question asked first of all: the user, or None at first sight. What is asked with it is asked for them.

    `signed_in_at` in seconds since 1970; a token that does not say it counts for whoever was never signed out.
    """
    return Question(statement=repository.recognising(firebase_uid, signed_in_at), read=_user)


def _user(row: Any) -> RecognisedUser | None:  # noqa: ANN401 - a row
    if row is None:
        return None
    user_id, is_disabled, is_administrator, is_leaving, is_signed_out, _ = row
    return RecognisedUser(
        id=user_id,
        is_disabled=is_disabled,
        is_administrator=is_administrator,
        is_leaving=is_leaving,
        is_signed_out=is_signed_out,
    )
