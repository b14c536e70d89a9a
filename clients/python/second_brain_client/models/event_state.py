from enum import StrEnum


class EventState(StrEnum):
    APPLIED = "applied"
    IGNORED = "ignored"
    RECEIVED = "received"

    def __str__(self) -> str:
        return str(self.value)
