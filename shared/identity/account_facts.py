"""Users as an administrator sees them."""

from datetime import datetime

from shared.ids import UserId
from shared.values import frozen


@frozen
class Administrator:
    """Who may administer, who said so, and why."""

    user_id: UserId
    firebase_uid: str
    appointed_by: str
    reason: str
    created_at: datetime


@frozen
class Account:
    """A user from outside: who they are and where they stand, nothing they said."""

    id: UserId
    firebase_uid: str
    email: str | None
    credits: int
    debt: int
    preferred_language: str
    disabled_at: datetime | None
    is_administrator: bool
    created_at: datetime


@frozen
class AccountFilter:
    """Which users a list shows; None does not narrow. Prefixes; that of an e-mail address in any case of letters."""

    email: str | None = None
    firebase_uid: str | None = None
    is_disabled: bool | None = None

    def names(self) -> list[str]:
        """The filters that are set."""
        return [name for name, value in vars(self).items() if value is not None]
