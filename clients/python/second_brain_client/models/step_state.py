from enum import StrEnum


class StepState(StrEnum):
    COMPLETED = "completed"
    FAILED = "failed"
    READY = "ready"
    RUNNING = "running"
    SKIPPED = "skipped"
    WAITING = "waiting"

    def __str__(self) -> str:
        return str(self.value)
