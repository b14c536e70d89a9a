"""The edge of what an operator or a deploy invokes: one thing to do, and what came of it.

An error that leaves a handler is logged by Lambda, and answered to whoever invoked it, with every message in its chain.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from shared import telemetry
from shared.errors import SecondBrainError
from shared.ids import new_id
from shared.telemetry import log

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


class OperationFailed(RuntimeError):
    """Something an operator asked for could not be done. Says what is wrong with it, or where the log says why."""


def operation_handler(do: Callable[[dict[str, Any]], Mapping[str, Any]]) -> Handler:
    """A Lambda handler that gives its event to `do`, and answers what that answers.

    Raises OperationFailed, which no cause hangs on: for an error of ours with its detail and code, for an event of
    another shape with the names of its fields, and for anything else with the correlation id to look for.
    """
    telemetry.keep_secrets()

    def answer(event: dict[str, Any], _context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own type
        correlation_id = str(new_id())
        telemetry.correlate(correlation_id)
        try:
            return dict(do(event))
        except SecondBrainError as error:
            log.error("operation refused", extra={"code": error.exact_code})
            why = f"{error.detail} ({error.exact_code})"
        except ValidationError as error:
            names = sorted({".".join(map(str, entry["loc"])) for entry in error.errors(include_input=False)})
            why = f"The event is not of its shape. Look at: {', '.join(names)}."
        except Exception:  # noqa: BLE001 - the edge: a defect must not show its insides
            log.exception("operation failed")
            why = f"It could not be done. Look into the log for the correlation id {correlation_id}."
        raise OperationFailed(why)

    return answer
