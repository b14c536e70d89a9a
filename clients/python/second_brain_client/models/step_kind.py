from enum import StrEnum


class StepKind(StrEnum):
    DESCRIBE_IMAGE = "describe_image"
    EMBED = "embed"
    SPLIT_AUDIO = "split_audio"
    SUMMARISE = "summarise"
    TRANSCRIBE = "transcribe"
    TRANSCRIBE_PART = "transcribe_part"

    def __str__(self) -> str:
        return str(self.value)
