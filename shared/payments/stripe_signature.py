"""Checks that a webhook comes from Stripe: its bytes, its age, its date.

By hand, as https://docs.stripe.com/webhooks/signature#verify-manually shows: for a dozen lines, the SDK would cost this
door half of its Init (docs/adr/0043). A test has both judge the same headers. The SDK accepts dates of any future, so
that a notice signed ahead of time would stay good for ever: we refuse those, and a time that is no plain number.
"""

import hmac
import re
from collections.abc import Sequence

from shared.errors import Malformed
from shared.values import frozen

MAX_AGE_SECONDS = 300
MAX_AHEAD_SECONDS = 60

_SCHEME = "v1"
_SECONDS = re.compile(r"[0-9]{1,12}")


@frozen
class _Header:
    """When it was signed, in seconds since 1970, and the signatures of our scheme."""

    seconds: int
    signatures: Sequence[bytes]


def check_signature(payload: bytes, header: str | None, secrets: Sequence[str], *, now: float) -> None:
    """Raises Malformed (`webhook_invalid`) unless one of `secrets` signed exactly these bytes, lately.

    Two secrets are good while one is being replaced by the other. `now`: seconds since 1970.
    """
    read = _read(header or "")
    if not payload or read is None or not any(_is_signed(payload, read, secret) for secret in secrets):
        raise _invalid()
    if not now - MAX_AGE_SECONDS <= read.seconds <= now + MAX_AHEAD_SECONDS:
        raise _invalid()


def _read(header: str) -> _Header | None:
    """`t=1700000000,v1=...,v1=...`; None when it is not of that shape. Of several times the first counts."""
    items = [item.partition("=") for item in header.split(",")]
    stamp = next((text for name, _, text in items if name == "t"), "")
    signatures = [text.encode(errors="replace") for name, _, text in items if name == _SCHEME]
    return _Header(seconds=int(stamp), signatures=signatures) if _SECONDS.fullmatch(stamp) else None


def _is_signed(payload: bytes, header: _Header, secret: str) -> bool:
    signed = b"%d.%b" % (header.seconds, payload)
    expected = hmac.digest(secret.encode(), signed, "sha256").hex().encode()
    return bool(secret.strip()) and any(hmac.compare_digest(expected, given) for given in header.signatures)


def _invalid() -> Malformed:
    return Malformed(
        "The Stripe-Signature header does not fit the body and our signing secret, or is too old or too new.",
        code="webhook_invalid",
    )
