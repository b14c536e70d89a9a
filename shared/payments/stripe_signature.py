"""Checks that a webhook comes from Stripe: its bytes, its age, its date.

https://docs.stripe.com/webhooks/signature. The SDK accepts dates of any future, so a notice signed ahead of time would
stay good for ever: we refuse those ourselves.
"""

import re
from collections.abc import Sequence

from stripe import SignatureVerificationError, WebhookSignature

from shared.errors import Malformed

MAX_AGE_SECONDS = 300
MAX_AHEAD_SECONDS = 60

_FIRST_TIMESTAMP = re.compile(r"(?:^|,)t=([^,]*)")
"""The one that was signed; the SDK reads `+9` and `9=` as 9, so what is no plain number must not lead to a second."""

_SECONDS = re.compile(r"[0-9]{1,12}")


def check_signature(payload: bytes, header: str | None, secrets: Sequence[str], *, now: float) -> None:
    """Raises Malformed (`webhook_invalid`) unless one of `secrets` signed exactly these bytes, lately.

    Two secrets are good while one is being replaced by the other. `now`: seconds since 1970.
    """
    if not payload or not any(_is_signed(payload, header, secret) for secret in secrets):
        raise _invalid()
    if not _is_dated(header or "", before=now + MAX_AHEAD_SECONDS):
        raise _invalid()


def _is_dated(header: str, *, before: float) -> bool:
    stamp = _FIRST_TIMESTAMP.search(header)
    return stamp is not None and bool(_SECONDS.fullmatch(stamp[1])) and int(stamp[1]) <= before


def _is_signed(payload: bytes, header: str | None, secret: str) -> bool:
    try:
        return WebhookSignature.verify_header(payload, header, secret, MAX_AGE_SECONDS)  # pyright: ignore[reportUnknownMemberType] - the SDK leaves the tolerance untyped
    except (SignatureVerificationError, UnicodeError, TypeError):  # TypeError: a signature that is not ASCII
        return False


def _invalid() -> Malformed:
    return Malformed(
        "The Stripe-Signature header does not fit the body and our signing secret, or is too old or too new.",
        code="webhook_invalid",
    )
