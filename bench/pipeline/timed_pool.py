"""A pool of a function's processes that writes down when each message was sent, and when a process had it."""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.pipeline.profiling import PROFILED_HANDLER, PROFILES
from dev.lambda_runtime.invocation import InvocationResult
from dev.lambda_runtime.pool import FunctionPool

REAL_QUEUE = "queue-endpoint"
"""The file that tells where the queues are, when the sessions function is told of another place."""

JOURNAL = "BENCH_JOURNAL"
QUEUE_OF_SESSIONS = "BENCH_QUEUE_OF_SESSIONS"
"""Where the sessions function finds its queues, when not where all others do."""

_SESSIONS = "sessions"
_PREPARED = "&prepare_threshold=2"
"""Straight to the server, as the peer: its drivers prepare their statements too (docs/adr/0002)."""


class TimedPool(FunctionPool):
    """One line of JSON for each message that was handled, in the file the environment names."""

    def __init__(self, function: Any, *, environment: Mapping[str, str], **others: Any) -> None:  # noqa: ANN401 - as its own
        given = dict(environment)
        self._journal = Path(os.environ[JOURNAL])
        if function.name == _SESSIONS and (queue_url := os.environ.get(QUEUE_OF_SESSIONS)):
            self._journal.with_name(REAL_QUEUE).write_text(given["QUEUE_ENDPOINT_URL"])
            given["QUEUE_ENDPOINT_URL"] = queue_url
        if "DATABASE_URL" in given:
            given["DATABASE_URL"] += _PREPARED
        if folder := os.environ.get(PROFILES):
            given |= {PROFILES: folder, PROFILED_HANDLER: function.handler}
            function = replace(function, handler="bench.pipeline.profiled.handler")
        super().__init__(function, environment=given, **others)

    async def invoke(
        self, event: Mapping[str, Any], *, request_id: str | None = None, trace_id: str | None = None
    ) -> InvocationResult:
        """As the pool does."""
        received = time.time()
        result = await super().invoke(event, request_id=request_id, trace_id=trace_id)
        self._write(event, received, result.duration_ms, time.time())
        return result

    def _write(self, event: Mapping[str, Any], received: float, duration_ms: float, ended: float) -> None:
        times = {"received": received, "begun": ended - duration_ms / 1_000, "ended": ended}
        lines = [
            json.dumps({"function": self.function.name, "step_id": step_id, "sent": sent, **times})
            for step_id, sent in _steps(event)
        ]
        if lines:
            with self._journal.open("a", encoding="utf-8") as journal:
                journal.write("\n".join(lines) + "\n")


def _steps(event: Mapping[str, Any]) -> list[tuple[str, float]]:
    """The steps an event's messages name, and when each message was sent."""
    found: list[tuple[str, float]] = []
    for record in event.get("Records", []):
        body = json.loads(record["body"])
        step_id = body.get("body", {}).get("step_id") if "body" in body else None
        if step_id:
            found.append((step_id, int(record["attributes"]["SentTimestamp"]) / 1_000))
    return found
