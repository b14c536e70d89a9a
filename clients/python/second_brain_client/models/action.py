from enum import StrEnum


class Action(StrEnum):
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

    def __str__(self) -> str:
        return str(self.value)
