"""The one shape of our own queue messages, version 1."""

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """What lies in a queue: who it is for, what started it, and a small body of ids.

    A field it does not know is passed over: during a deploy, newer senders meet older workers.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    version: Literal[1] = 1
    id: UUID
    user_id: UUID
    correlation_id: str
    body: dict[str, Any]


class StepBody(BaseModel):
    """Body of a message that announces a ready step."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    step_id: UUID


class DiscardBody(BaseModel):
    """Body of a message that asks for objects to be removed."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    object_keys: list[str]
