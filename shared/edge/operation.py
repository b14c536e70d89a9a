"""The edge of what an operator or a deploy invokes: one thing to do, and what came of it.

An error that leaves a handler is logged by Lambda, and answered to whoever invoked it, with every message in its chain.
"""

from collections.abc import Callable
from typing import Any

from shared import telemetry
from shared.ids import new_id
from shared.telemetry import log

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


class OperationFailed(RuntimeError):
    """Something an operator asked for could not be done; the log says why, without anybody's data."""


def operation_handler(do: Callable[[], dict[str, Any]]) -> Handler:
    """A Lambda handler that does it and answers what it answers. Raises OperationFailed, which no cause hangs on."""
    telemetry.keep_secrets()

    def answer(_event: dict[str, Any], _context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own type
        correlation_id = str(new_id())
        telemetry.correlate(correlation_id)
        try:
            return do()
        except Exception:  # noqa: BLE001 - the edge: a defect must not show its insides
            log.exception("operation failed")
        raise OperationFailed(f"It could not be done. Look into the log for the correlation id {correlation_id}.")

    return answer
