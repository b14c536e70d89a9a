from enum import StrEnum


class FiltersInSessionTypeType0(StrEnum):
    IMAGE = "image"
    MIXED = "mixed"
    VOICE = "voice"

    def __str__(self) -> str:
        return str(self.value)
