"""The one shape of our own queue messages, version 1."""

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.errors import Malformed
from shared.ids import UserId


class Message(BaseModel):
    """What lies in a queue: who it is for, what started it, and a small body of ids.

    It is for nobody (`user_id` None) while nobody knows whom an outside event concerns.
    A field it does not know is passed over: during a deploy, newer senders meet older workers.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    version: Literal[1] = 1
    id: UUID
    user_id: UUID | None = None
    correlation_id: str
    body: dict[str, Any]

    def owner(self) -> UserId:
        """Whom it is for. Raises Malformed when it names nobody."""
        if self.user_id is None:
            raise Malformed("The message names no user.")
        return UserId(self.user_id)


class StepBody(BaseModel):
    """Body of a message that announces a ready step."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    step_id: UUID


class DiscardedUpload(BaseModel):
    """An upload in parts that nobody will finish."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    object_key: str
    upload_id: str


class DiscardBody(BaseModel):
    """Body of a message that asks for objects, and for uploads in parts, to be removed."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    object_keys: list[str]
    uploads: list[DiscardedUpload] = []


class PushBody(BaseModel):
    """Body of a message about a notification that is to be sent."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    notification_id: UUID


class EventBody(BaseModel):
    """Body of a message about an event that lies in the inbox."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    event_id: UUID


class TransferBody(BaseModel):
    """Body of a message about an export or an import of an account."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    transfer_id: UUID
