"""What an administrator did, as a value."""

from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.ids import UserId
from shared.values import frozen


class Action(StrEnum):
    """What can be done."""

    ADJUST_CREDITS = "adjust_credits"
    APPOINT = "appoint"
    DISABLE_USER = "disable_user"
    DISMISS = "dismiss"
    ENABLE_USER = "enable_user"
    LOOK = "look"
    REDRIVE = "redrive"
    REDRIVEN = "redriven"
    REPLAY_EVENT = "replay_event"
    RERUN_STEP = "rerun_step"
    SWITCH_OFF = "switch_off"
    SWITCH_ON = "switch_on"


@frozen
class Deed:
    """Who did what to whom, and why. `subject` names the thing, `subject_user_id` the person it belongs to, if any.

    The actor is an administrator by `actor_id`, or an operator at the database's own door by `actor_name`: one of them.
    """

    actor_id: UserId | None = None
    actor_name: str | None = None
    action: Action
    subject: str
    reason: str
    subject_user_id: UserId | None = None
    details: dict[str, Any] = field(default_factory=dict[str, Any])


@frozen
class KeptDeed(Deed):
    """A deed as it stands in the audit log."""

    id: UUID
    correlation_id: str
    created_at: datetime


@frozen
class DeedFilter:
    """Which deeds a list shows; None does not narrow."""

    actor_id: UserId | None = None
    subject_user_id: UserId | None = None
    action: Action | None = None
