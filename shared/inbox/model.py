"""Events of others as values."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.values import frozen

FIRST_RETRY = timedelta(seconds=15)
LAST_RETRY = timedelta(hours=1)
"""An event that cannot be applied is tried again after FIRST_RETRY, and twice as long each time, for ever."""


class EventState(StrEnum):
    """received -> applied | ignored; a replay brings it back to received."""

    RECEIVED = "received"
    APPLIED = "applied"
    IGNORED = "ignored"


@frozen
class NewEvent:
    """An event as its sender told it. `about` holds ids, never a person's data; `queue` is whose worker applies it."""

    source: str
    event_id: str
    queue: str
    type: str
    about: dict[str, Any]
    occurred_at: datetime
    state: EventState = EventState.RECEIVED
    reason: str | None = None


@frozen
class Event:
    """An event in the inbox. `id` is ours, `event_id` the sender's; `reason` says why it was ignored."""

    id: UUID
    source: str
    event_id: str
    queue: str
    type: str
    about: dict[str, Any]
    state: EventState
    reason: str | None
    attempts: int
    correlation_id: str
    occurred_at: datetime
    received_at: datetime
    settled_at: datetime | None


@frozen
class EventFilter:
    """Which events a list shows; None does not narrow."""

    source: str
    state: EventState | None = None
    type: str | None = None
