"""The wire shapes of profile, devices and credits."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints, model_validator

from shared.credits.model import Entry
from shared.edge.endpoint import Body
from shared.edge.shape import shape
from shared.edge.texts import Language, TimeZone
from shared.identity.model import Profile, ProfileChange, PushChoices
from shared.values import frozen


class Edit(Body):
    """What is left out stays; something has to be given, and null is nothing."""

    @model_validator(mode="after")
    def _gives_something(self) -> "Edit":
        given = [getattr(self, name) for name in self.model_fields_set]
        if not given or None in given:
            raise ValueError("give at least one of the fields, and null for none of them")
        return self


class EditPushes(Edit):
    """What the user wants to be told by a push."""

    processed: bool | None = None
    failed: bool | None = None
    credits_low: bool | None = None


class EditProfile(Edit):
    """PATCH /api/me."""

    preferred_language: Language | None = None
    time_zone: TimeZone | None = None
    notifications: EditPushes | None = None

    def change(self) -> ProfileChange:
        """What is to be written."""
        pushes = self.notifications or EditPushes.model_construct()
        return ProfileChange(
            preferred_language=self.preferred_language,
            time_zone=self.time_zone,
            push_processed=pushes.processed,
            push_failed=pushes.failed,
            push_credits_low=pushes.credits_low,
        )


class PutDevice(Body):
    """PUT /api/me/devices/{device_id}: the FCM registration token of one installation of the app."""

    fcm_token: Annotated[str, StringConstraints(min_length=1, max_length=4_096)]
    platform: Annotated[str, StringConstraints(pattern=r"^(ios|android|web)$")] | None = None


@frozen
class PushesOut:
    """What the user is told by a push."""

    processed: bool
    failed: bool
    credits_low: bool

    @classmethod
    def of(cls, choices: PushChoices) -> "PushesOut":
        """The wire shape of choices."""
        return shape(cls, choices)


@frozen
class ProfileOut:
    """GET /api/me. `debt`: credits that money went back for after they were spent; the next ones pay it first."""

    email: str | None
    credits: int
    debt: int
    preferred_language: str
    time_zone: str
    notifications: PushesOut
    created_at: datetime

    @classmethod
    def of(cls, profile: Profile) -> "ProfileOut":
        """The wire shape of a profile."""
        return shape(cls, profile, notifications=PushesOut.of(profile.notifications))


@frozen
class DeviceOut:
    """What registering a device answers; the token itself is not repeated."""

    id: UUID
    platform: str | None


@frozen
class CreditsOut:
    """GET /api/me/credits."""

    credits: int


@frozen
class EntryOut:
    """One row of the ledger. The debt is what was taken back of a purchase after it was spent."""

    id: UUID
    delta: int
    balance_after: int
    debt_delta: int
    debt_after: int
    reason: str
    ref: str
    created_at: datetime

    @classmethod
    def of(cls, entry: Entry) -> "EntryOut":
        """The wire shape of a row."""
        return shape(cls, entry)


@frozen
class LedgerOut:
    """A page of the ledger, newest first; `next_cursor` is null on the last."""

    entries: list[EntryOut]
    next_cursor: str | None
