from enum import StrEnum


class BlockType(StrEnum):
    IMAGE = "image"
    MARKER = "marker"
    VOICE = "voice"

    def __str__(self) -> str:
        return str(self.value)
