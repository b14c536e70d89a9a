"""What Firebase's errors mean to us: who is gone, who is refused, who is tried again and when."""

from collections.abc import Mapping
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
from shared.retry_after import retry_after_seconds
from shared.telemetry import log

_REFUSED = (InvalidArgumentError, SenderIdMismatchError)
"""The token is malformed, or of another project's app. It is kept: were the mistake ours, all would be lost with it."""

_OURS = (NotFoundError, PermissionDeniedError, ThirdPartyAuthError, UnauthenticatedError)
"""Our project, our key, or Apple's key that Firebase holds for us."""


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
    return PushAnswer(verdict=Verdict.LATER, retry_after_seconds=retry_after_seconds(headers))
