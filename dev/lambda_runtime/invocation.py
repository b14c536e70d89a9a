"""What goes into a function and what comes out."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import uuid4

REGION = "us-east-1"
ACCOUNT_ID = "123456789012"
"""The region and account of everything local: moto's own defaults, so that every ARN agrees."""


@dataclass(frozen=True, kw_only=True)
class FunctionError:
    """Why an invocation failed, in Lambda's words: `Runtime.ExitError`, `Sandbox.Timedout`, `KeyError`..."""

    error_type: str
    error_message: str
    stack_trace: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InvocationResult:
    """How one invocation ended: `payload` is the parsed JSON answer, None when `error` is set.

    `init_ms` is the time from spawning the process to its first question for work; None on a warm call.
    """

    request_id: str
    payload: Any = None
    error: FunctionError | None = None
    duration_ms: float = 0.0
    init_ms: float | None = None

    @property
    def was_cold(self) -> bool:
        """Whether this call had to start a process first."""
        return self.init_ms is not None


@dataclass(frozen=True, kw_only=True)
class Invocation:
    """One request on its way into a process: the event as JSON bytes, and until when it may run."""

    request_id: str
    body: bytes
    deadline_ms: int
    function_arn: str
    trace_id: str


class Invoker(Protocol):
    """Something that can be invoked with an event: a `FunctionPool`, or a stand-in."""

    async def invoke(
        self, event: Mapping[str, Any], *, request_id: str | None = None, trace_id: str | None = None
    ) -> InvocationResult:
        """Run the function once. A failing function is a result with `error` set, never an exception."""
        ...


def function_arn(name: str) -> str:
    """The ARN a function of that name has in the local account."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:{name}"


def new_request_id() -> str:
    """A fresh id for one invocation, shaped as AWS shapes it (a UUID)."""
    return str(uuid4())


def new_trace_root() -> str:
    """A fresh X-Ray root, as API Gateway writes it into X-Amzn-Trace-Id: `Root=1-<time>-<random>`."""
    return f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}"
