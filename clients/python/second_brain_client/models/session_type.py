from enum import StrEnum


class SessionType(StrEnum):
    IMAGE = "image"
    MIXED = "mixed"
    VOICE = "voice"

    def __str__(self) -> str:
        return str(self.value)
