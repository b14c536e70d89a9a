from enum import StrEnum


class SessionStatus(StrEnum):
    FAILED = "failed"
    NO_CREDITS = "no_credits"
    OPEN = "open"
    PENDING_PROCESSING = "pending_processing"
    PROCESSED = "processed"
    PROCESSING = "processing"
    RAW_ONLY = "raw_only"

    def __str__(self) -> str:
        return str(self.value)
