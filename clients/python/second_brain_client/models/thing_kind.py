from enum import StrEnum


class ThingKind(StrEnum):
    BLOCK = "block"
    MEDIA = "media"
    SESSION = "session"

    def __str__(self) -> str:
        return str(self.value)
