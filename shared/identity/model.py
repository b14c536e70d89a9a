"""Users and devices as values."""

from dataclasses import dataclass
from datetime import datetime

from shared.ids import UserId


@dataclass(frozen=True, kw_only=True)
class RecognisedUser:
    """Who is calling."""

    id: UserId
    is_disabled: bool


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a user sees of themselves."""

    email: str | None
    credits: int
    debt: int
    preferred_language: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Customer:
    """A user as the payment provider knows them; `id` is None before their first order."""

    id: str | None
    email: str | None
