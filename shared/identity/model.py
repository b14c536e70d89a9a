"""Users and devices as values."""

from datetime import datetime
from uuid import UUID

from shared.ids import UserId
from shared.values import frozen


@frozen
class RecognisedUser:
    """Who is calling."""

    id: UserId
    is_disabled: bool
    is_administrator: bool = False
    """Whether an operator has appointed them; their token has to say so as well."""
    is_leaving: bool = False
    """Whether their deletion was asked for, or is done; then they are disabled too."""
    is_signed_out: bool = False
    """Whether their token is of a sign-in that was ended."""


@frozen
class SignIn:
    """How signing in stands with one account, as who signs people in says it.

    `valid_since`: when its sign-ins were last ended, or it was made; a whole second. None: never.
    """

    is_disabled: bool
    valid_since: datetime | None


@frozen
class PushChoices:
    """What a user wants to be told by a push; everything, unless they said otherwise."""

    processed: bool
    failed: bool
    credits_low: bool


@frozen
class ProfileChange:
    """What a user changes about themselves; None leaves it as it is."""

    preferred_language: str | None = None
    time_zone: str | None = None
    push_processed: bool | None = None
    push_failed: bool | None = None
    push_credits_low: bool | None = None


@frozen
class Device:
    """One installation of the app, with the token that pushes go to."""

    id: UUID
    fcm_token: str


@frozen
class Addressee:
    """Whom a push is for: their language, their choices, and where it reaches them."""

    language: str
    choices: PushChoices
    is_disabled: bool
    devices: tuple[Device, ...]


@frozen
class Profile:
    """What a user sees of themselves."""

    email: str | None
    credits: int
    debt: int
    preferred_language: str
    time_zone: str
    notifications: PushChoices
    created_at: datetime


@frozen
class Locale:
    """How a user's words are read: the tag of their language, and the IANA name of the zone they live by."""

    language: str
    time_zone: str


@frozen
class Customer:
    """A user as the payment provider knows them; `id` is None before their first order."""

    id: str | None
    email: str | None
