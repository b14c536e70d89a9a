"""A request that may be a repeat, and its answer, as values."""

import re
from collections.abc import Mapping
from hashlib import sha256
from uuid import UUID

from shared.values import frozen

LEASE_SECONDS = 60
"""How long a request may be at it before a repeat takes over: longer than any API function runs."""

KEPT_HOURS = 24
"""How long an answer is kept, as Stripe does (https://docs.stripe.com/api/idempotent_requests)."""

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


@frozen
class Claim:
    """`id` is this request's own: what it keeps is refused once another has taken the key over."""

    key: str
    fingerprint: bytes
    id: UUID


@frozen
class Answer:
    """An HTTP answer as it was written."""

    status: int
    headers: Mapping[str, str]
    body: str


def is_key(text: str) -> bool:
    """Whether a text can be a key: 1 to 255 visible ASCII characters."""
    return _KEY.fullmatch(text) is not None


def fingerprint_of(*parts: bytes) -> bytes:
    """What makes two POSTs the same: path, query and body, each told from the next by its length."""
    return sha256(b"".join(len(part).to_bytes(8) + part for part in parts)).digest()
