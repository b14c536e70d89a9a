"""The schedule edge: a list of chores, each on its own, so that one that fails does not keep the others back.

EventBridge wakes a function once a minute at most. What must not lie for so long is looked at again within the same
invocation, and only while there is something under way: an idle system pays for one short look a minute.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from shared import metrics, telemetry
from shared.errors import SecondBrainError
from shared.ids import new_id
from shared.telemetry import log
from shared.values import frozen

Handler = Callable[[dict[str, Any], Any], dict[str, int]]


class ChoresFailed(RuntimeError):
    """Some chores could not be done; Lambda counts the invocation as an error, which an alarm sees."""


Chores = Mapping[str, Callable[[], int]]


@frozen
class Again:
    """Chores to be done again every `pause_seconds` while `is_needed`, as long as they begin `within_seconds`."""

    chores: Chores
    is_needed: Callable[[], bool]
    pause_seconds: float = 20
    within_seconds: float = 45
    sleep: Callable[[float], None] = field(default=time.sleep)


def schedule_handler(chores: Chores, again: Again | None = None) -> Handler:
    """A Lambda handler that does every chore and answers how many things each one moved."""
    telemetry.keep_secrets()

    def answer(_event: dict[str, Any], _context: Any) -> dict[str, int]:  # noqa: ANN401 - Lambda's own type
        telemetry.correlate(str(new_id()))
        began = time.monotonic()
        with metrics.gathered(function=log.service):
            done = _do_all(chores)
            if again is not None:
                _look_again(again, began, done)
        log.info("swept", extra={"chores": done})
        failed = [name for name, count in done.items() if count < 0]
        if failed:
            raise ChoresFailed(", ".join(failed))
        return done

    return answer


def _do_all(chores: Chores) -> dict[str, int]:
    return {name: _do(name, chore) for name, chore in chores.items()}


def _look_again(again: Again, began: float, done: dict[str, int]) -> None:
    while time.monotonic() - began + again.pause_seconds <= again.within_seconds and _is_needed(again):
        again.sleep(again.pause_seconds)
        _add(done, _do_all(again.chores))


def _add(done: dict[str, int], more: Mapping[str, int]) -> None:
    """What failed once has failed, whatever the other looks moved."""
    for name, count in more.items():
        done[name] = -1 if min(count, done[name]) < 0 else done[name] + count


def _is_needed(again: Again) -> bool:
    try:
        return again.is_needed()
    except SecondBrainError as error:
        log.error("cannot tell whether to look again", extra={"code": error.exact_code})
        return False


def _do(name: str, chore: Callable[[], int]) -> int:
    """How many things were moved; -1 when it could not be done now."""
    try:
        return chore()
    except SecondBrainError as error:
        log.error("chore failed", extra={"chore": name, "code": error.exact_code})
    except Exception:  # noqa: BLE001 - the edge: a defect in one chore must not keep the others back
        log.exception("defect", extra={"chore": name})
    return -1
