"""What a provider's failure means to us: the one place where SDK errors become VendorDown and VendorRefused.

The SDKs (Groq's and OpenAI's) come from one generator: their errors carry the same `status_code` and `response`.
Neither is imported here, so that a function pays for its own SDK only.
"""

import math
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from shared.ai.capabilities import Usage
from shared.errors import VendorDown, VendorRefused
from shared.metrics import count
from shared.telemetry import log

_OUR_KEY = frozenset({401, 402, 403})
_OUR_REQUEST = frozenset({400, 413, 415, 422})
_THROTTLED = 429
_SERVER = 500
_MAX_WAIT_SECONDS = 43_200  # the longest a queue can hold a message back

ReplyT = TypeVar("ReplyT", bound=BaseModel)


class InvalidReply(VendorDown):
    """An answer we cannot use; another try may bring a better one. `usage` is what it cost all the same, if it told."""

    code = "provider_invalid"

    def __init__(self, detail: str, *, usage: Usage | None = None) -> None:
        super().__init__(detail)
        self.usage = usage


@dataclass
class VendorCall:
    """One call to a provider, timed."""

    started: float
    milliseconds: int = 0


@contextmanager
def vendor_errors(provider: str, *sdk_errors: type[Exception]) -> Generator[VendorCall]:
    """Turn `sdk_errors` raised inside into VendorDown or VendorRefused, and time what happens inside.

    Only an answer that blames the content sent (400, 413, 415, 422) is a refusal. A wrong key, an empty account or
    an unknown model is our own mistake: the user's file is innocent, and an operator can mend it.
    """
    call = VendorCall(started=monotonic())
    try:
        yield call
    except sdk_errors as error:
        count("provider_errors", provider=provider, error=_kind_of(error))
        raise _translated(provider, error) from error
    finally:
        call.milliseconds = round((monotonic() - call.started) * 1_000)


def read_reply(chunks: Iterable[bytes], *, provider: str, max_bytes: int, until: float) -> bytes:
    """The body, read no further than `max_bytes` and no longer than `until` (by monotonic). Raises VendorDown."""
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > max_bytes:
            raise invalid_reply(provider, f"has more than {max_bytes} bytes")
        if monotonic() > until:
            raise VendorDown(f"{provider} did not finish its answer in time.")
    return bytes(body)


def parse_reply(model: type[ReplyT], body: bytes | str, *, provider: str, usage: Usage | None = None) -> ReplyT:
    """The reply as the shape we expect, so that nothing else reaches the database. Raises InvalidReply."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        where = ", ".join(sorted({".".join(map(str, e["loc"])) or "body" for e in error.errors(include_input=False)}))
        raise invalid_reply(provider, f"is not of the expected shape ({where[:200]})", usage=usage) from None


def invalid_reply(provider: str, problem: str, *, usage: Usage | None = None) -> InvalidReply:
    """An answer we cannot use, and what it cost if that is known."""
    count("provider_errors", provider=provider, error="invalid_reply")
    return InvalidReply(f"The answer of {provider} {problem}.", usage=usage)


def _kind_of(error: Exception) -> str:
    """In one word, for who watches the numbers."""
    status: int | None = getattr(error, "status_code", None)
    if status is None:
        return "unreachable"
    words = {_THROTTLED: "throttled"} | dict.fromkeys(_OUR_REQUEST, "refused") | dict.fromkeys(_OUR_KEY, "our_key")
    return words.get(status, "server" if status >= _SERVER else "other")


def _translated(provider: str, error: Exception) -> VendorDown | VendorRefused:
    status: int | None = getattr(error, "status_code", None)
    if status is None:
        return VendorDown(f"{provider} could not be reached, or broke off.")
    if status in _OUR_REQUEST:
        return VendorRefused(f"{provider} does not accept this content ({status}).")
    if status in _OUR_KEY:
        log.error("provider refuses our key", extra={"provider": provider, "status": status})
    headers: Mapping[str, str] = getattr(getattr(error, "response", None), "headers", {})
    return VendorDown(f"{provider} answered {status}.", retry_after_seconds=_retry_after_seconds(headers))


def _retry_after_seconds(headers: Mapping[str, str]) -> int | None:
    """What Retry-After asks for: a number of seconds, or a date, which is compared with the answer's own Date."""
    asked = headers.get("retry-after")
    if asked is None:
        return None
    try:
        seconds = float(asked)
    except ValueError:
        seconds = _seconds_between(headers.get("date"), asked)
    return min(max(1, math.ceil(seconds)), _MAX_WAIT_SECONDS) if math.isfinite(seconds) else None


def _seconds_between(now: str | None, then: str) -> float:
    try:
        return (parsedate_to_datetime(then) - parsedate_to_datetime(now or "")).total_seconds()
    except (ValueError, TypeError):
        return math.nan
