"""What Firebase's errors mean to us: who is gone, who is refused, who is tried again and when."""

import math
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import cast

from firebase_admin.exceptions import (
    FirebaseError,
    InvalidArgumentError,
    NotFoundError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from firebase_admin.messaging import SenderIdMismatchError, ThirdPartyAuthError, UnregisteredError
from requests import Response

from shared.notifications.model import PushAnswer, Verdict
from shared.telemetry import log

_REFUSED = (InvalidArgumentError, SenderIdMismatchError)
"""The token is malformed, or of another project's app. It is kept: were the mistake ours, all would be lost with it."""

_OURS = (NotFoundError, PermissionDeniedError, ThirdPartyAuthError, UnauthenticatedError)
"""Our project, our key, or Apple's key that Firebase holds for us."""

_MAX_WAIT_SECONDS = 43_200  # the longest a queue can hold a message back


def answer_to(error: FirebaseError) -> PushAnswer:
    """GONE only at the vendor's word that this very token is unregistered; LATER is the answer to what may pass."""
    if isinstance(error, UnregisteredError):
        return PushAnswer(verdict=Verdict.GONE)
    if isinstance(error, _REFUSED):
        log.warning("push refused", extra={"error": type(error).__name__})
        return PushAnswer(verdict=Verdict.REFUSED)
    if isinstance(error, _OURS):
        log.error("Firebase refuses us", extra={"error": type(error).__name__})
    response = cast("Response | None", error.http_response)  # pyright: ignore[reportUnknownMemberType] - untyped
    headers: Mapping[str, str] = {} if response is None else response.headers
    return PushAnswer(verdict=Verdict.LATER, retry_after_seconds=_retry_after_seconds(headers))


def _retry_after_seconds(headers: Mapping[str, str]) -> int | None:
    """A number of seconds, or a date, which is compared with the answer's own."""
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
