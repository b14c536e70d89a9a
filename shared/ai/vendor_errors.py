"""What a provider's failure means to us: the one place where SDK errors become VendorDown and VendorRefused.

The SDKs (Groq's and OpenAI's) come from one generator: their errors carry the same `status_code` and `response`.
Neither is imported here, so that a function pays for its own SDK only.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy as copied
from dataclasses import dataclass
from time import monotonic
from typing import Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from shared.ai.capabilities import Usage
from shared.errors import Failure, SecondBrainError, VendorDown, VendorRefused
from shared.retry_after import retry_after_seconds
from shared.telemetry import log

_OUR_KEY = frozenset({401, 402, 403})
_OUR_REQUEST = frozenset({400, 413, 415, 422})
_OK = 200
_THROTTLED = 429
_SERVER = 500
_ERROR_BYTES = 4_096  # as much of an error's body as is looked at

ReplyT = TypeVar("ReplyT", bound=BaseModel)
FailureT = TypeVar("FailureT", bound=VendorDown | VendorRefused)


class InvalidReply(VendorDown):
    """An answer we cannot use; another try may bring a better one. `usage` is what it cost all the same, if it told."""

    code = "provider_invalid"

    def __init__(self, detail: str, *, usage: Usage | None = None) -> None:
        super().__init__(detail, failure="invalid_reply")
        self.usage = usage


class RefusedReply(VendorRefused):
    """A model was asked, and answered that it will not answer: that was paid for."""

    code = "reply_refused"

    def __init__(self, detail: str, *, usage: Usage | None = None) -> None:
        super().__init__(detail, code=VendorRefused.code)
        self.usage = usage


def usage_of_failure(error: SecondBrainError) -> Usage | None:
    """What a call that brought nothing cost all the same; None when it cost nothing, or did not tell."""
    return error.usage if isinstance(error, VendorDown | VendorRefused) else None


def costing(failure: FailureT, usage: Usage | None) -> FailureT:
    """The same failure, which tells that this was paid. Whoever decides on another try sees no difference."""
    if usage is None:
        return failure
    told = copied(failure)
    told.usage = usage
    told.__cause__ = failure
    return told


@dataclass
class VendorCall:
    """One call to a provider, timed."""

    started: float
    milliseconds: int = 0


@contextmanager
def vendor_errors(provider: str, *sdk_errors: type[Exception]) -> Generator[VendorCall]:
    """Turn `sdk_errors` raised inside into VendorDown, and time what happens inside.

    What `check_answer` raised within an SDK comes out as it was, though the SDK may have wrapped it.
    """
    call = VendorCall(started=monotonic())
    try:
        yield call
    except sdk_errors as error:
        if isinstance(error.__cause__, SecondBrainError):
            raise error.__cause__ from error
        raise _unanswered(provider, error) from error
    finally:
        call.milliseconds = round((monotonic() - call.started) * 1_000)


class HttpAnswer(Protocol):
    """An answer of which status and headers have come, and the body has not, whichever HTTP library brings it."""

    @property
    def status_code(self) -> int:
        """200 is what we read; nothing else is."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """By name in any case."""
        ...

    def iter_raw(self) -> Iterator[bytes]:
        """The body as it comes from the wire."""
        ...


def check_answer(answer: HttpAnswer, *, provider: str) -> None:
    """Raise unless the body is worth reading: before the SDK reads any of it, for it would read an error's to its end.

    Only a status that blames the content sent (400, 413, 415, 422) is a refusal. A wrong key, an empty account or an
    unknown model is our own mistake: the user's file is innocent, and an operator can mend it. A redirect is followed
    nowhere: key and content stay with the provider we chose. We ask for no compression, so a compressed body, which
    may be a thousand times longer than it looks, is not of our asking.
    """
    if answer.status_code != _OK:
        raise _of_status(answer, provider)
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise invalid_reply(provider, "is compressed, which was not asked for")


def read_reply(chunks: Iterable[bytes], *, provider: str, max_bytes: int, until: float) -> bytes:
    """The body, read no further than `max_bytes` and no longer than `until` (by monotonic). Raises VendorDown."""
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > max_bytes:
            raise invalid_reply(provider, f"has more than {max_bytes} bytes")
        if monotonic() > until:
            raise VendorDown(f"{provider} did not finish its answer in time.", failure="timeout")
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
    return InvalidReply(f"The answer of {provider} {problem}.", usage=usage)


def _unanswered(provider: str, error: Exception) -> VendorDown:
    # Each SDK and each HTTP library has its own kind of timeout; all say so in their names.
    names = {type(each).__name__ for each in (error, error.__cause__)}
    if any("Timeout" in name for name in names):
        return VendorDown(f"{provider} did not answer in time.", failure="timeout")
    return VendorDown(f"{provider} could not be reached, or broke off.")


def _of_status(answer: HttpAnswer, provider: str) -> VendorDown | VendorRefused:
    status = answer.status_code
    if status in _OUR_REQUEST:
        return VendorRefused(f"{provider} does not accept this content ({status}).")
    failure = _failure(answer)
    if failure == "our_key":
        log.error("provider refuses our key", extra={"provider": provider, "status": status})
    retry_after = retry_after_seconds(answer.headers)
    return VendorDown(f"{provider} answered {status}.", retry_after_seconds=retry_after, failure=failure)


def _failure(answer: HttpAnswer) -> Failure:
    status = answer.status_code
    if status in _OUR_KEY:
        return "our_key"
    if status == _THROTTLED:
        # OpenAI says so of an empty account, too: https://developers.openai.com/api/docs/guides/error-codes
        return "our_key" if b"insufficient_quota" in _beginning(answer) else "throttled"
    return "server" if status >= _SERVER else "other"


def _beginning(answer: HttpAnswer) -> bytes:
    body = b""
    for chunk in answer.iter_raw():
        body += chunk
        if len(body) >= _ERROR_BYTES:
            break
    return body
