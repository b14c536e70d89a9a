from enum import StrEnum


class MediaType(StrEnum):
    AUDIO = "audio"
    IMAGE = "image"

    def __str__(self) -> str:
        return str(self.value)
