"""What the gateway verified of a Firebase ID token. Every value arrives as text, and is read here, once."""

from collections.abc import Mapping
from typing import Any

from shared.errors import Unauthenticated
from shared.values import frozen

_MAX_SUBJECT = 128  # Firebase's own limit of a uid
_ANONYMOUS = "anonymous"
_IN_MAP = "sign_in_provider:anonymous"  # the claim `firebase`, as the gateway prints a nested one: `map[...]`


@frozen
class Claims:
    """Who calls, and how they signed in. `auth_time` is in seconds since 1970; None when the token does not say."""

    firebase_uid: str
    email: str | None = None
    role: str | None = None
    auth_time: int | None = None
    is_anonymous: bool = False


def claims_of(event: Mapping[str, Any]) -> Claims:
    """The claims. A route that reached us without the authorizer is refused, whatever it carries.

    Raises Unauthenticated: there are none, or none that can be read.
    """
    raw: Any = event
    for part in ("requestContext", "authorizer", "jwt", "claims"):
        raw = raw.get(part) or {}
    texts: dict[str, str] = {name: value for name, value in raw.items() if isinstance(value, str)}
    subject = texts.get("sub", "")
    if not 0 < len(subject) <= _MAX_SUBJECT:
        raise Unauthenticated("Send a Firebase ID token: Authorization: Bearer <token>.")
    return Claims(
        firebase_uid=subject,
        email=texts.get("email"),
        role=texts.get("role"),
        auth_time=_seconds(raw.get("auth_time")),
        is_anonymous=texts.get("provider_id") == _ANONYMOUS or _IN_MAP in texts.get("firebase", ""),
    )


def _seconds(value: object) -> int | None:
    """Text of digits only: int() also takes underscores, spaces and other scripts' digits."""
    if value is None:
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    raise Unauthenticated("The token's auth_time cannot be read. Sign in again.")
