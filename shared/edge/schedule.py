"""The schedule edge: a list of chores, each on its own, so that one that fails does not keep the others back."""

from collections.abc import Callable, Mapping
from typing import Any

from shared import metrics, telemetry
from shared.errors import SecondBrainError
from shared.ids import new_id
from shared.telemetry import log

Handler = Callable[[dict[str, Any], Any], dict[str, int]]


class ChoresFailed(RuntimeError):
    """Some chores could not be done; Lambda counts the invocation as an error, which an alarm sees."""


def schedule_handler(chores: Mapping[str, Callable[[], int]]) -> Handler:
    """A Lambda handler that does every chore and answers how many things each one moved."""

    def answer(_event: dict[str, Any], _context: Any) -> dict[str, int]:  # noqa: ANN401 - Lambda's own type
        telemetry.correlate(str(new_id()))
        with metrics.gathered(function=log.service):
            done = {name: _do(name, chore) for name, chore in chores.items()}
        log.info("swept", extra={"chores": done})
        failed = [name for name, count in done.items() if count < 0]
        if failed:
            raise ChoresFailed(", ".join(failed))
        return done

    return answer


def _do(name: str, chore: Callable[[], int]) -> int:
    """How many things were moved; -1 when it could not be done now."""
    try:
        return chore()
    except SecondBrainError as error:
        log.error("chore failed", extra={"chore": name, "code": error.exact_code})
    except Exception:  # noqa: BLE001 - the edge: a defect in one chore must not keep the others back
        log.exception("defect", extra={"chore": name})
    return -1
