"""What an administrator did, as a value."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from shared.ids import UserId


class Action(StrEnum):
    """What can be done."""

    ADJUST_CREDITS = "adjust_credits"
    REPLAY_EVENT = "replay_event"
    RERUN_STEP = "rerun_step"


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Who did what to whom, and why. `subject` names the thing, `subject_user_id` the person it belongs to, if any."""

    actor_id: UserId
    action: Action
    subject: str
    reason: str
    subject_user_id: UserId | None = None
    details: dict[str, Any] = field(default_factory=dict[str, Any])
