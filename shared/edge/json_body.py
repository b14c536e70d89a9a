"""Reads a request body with the care untrusted bytes need, before any model sees it."""

import base64
import binascii
import json
import math
from collections.abc import Iterator
from typing import Any, cast

from shared.errors import Invalid, Malformed, TooLarge

MAX_BODY_BYTES = 256 * 1024
MAX_DEPTH = 32
_MAX_INTEGER = 2**63


def body_bytes(body: str | None, *, is_base64: bool) -> bytes:
    """The body's bytes as they were sent. Raises TooLarge and Malformed."""
    if body is None:
        return b""
    if len(body) > MAX_BODY_BYTES * 2:
        raise _too_large()
    try:
        raw = base64.b64decode(body, validate=True) if is_base64 else body.encode()
    except (binascii.Error, ValueError) as error:
        raise Malformed("The body is not valid UTF-8.") from error
    if len(raw) > MAX_BODY_BYTES:
        raise _too_large()
    return raw


def check_json(raw: bytes) -> None:
    """Refuse what is no JSON (Malformed), and JSON that cannot be kept as it is (Invalid).

    Refused: duplicate keys, nesting deeper than MAX_DEPTH, NaN and Infinity, integers beyond 64 bits, NUL and
    lone surrogates in any text.
    """
    try:
        # Decoded here, for json.loads would also take UTF-16, UTF-32, a byte order mark and encoded surrogates.
        text = raw.decode()
        value = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant, parse_int=_small_int)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("The body is not valid JSON.") from error
    for found in _texts(value, 0):
        check_text(found)


def check_text(text: str) -> None:
    """Refuse text that Postgres or UTF-8 cannot hold. Raises Invalid."""
    if "\x00" in text:
        raise Invalid("Text must not contain NUL characters.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Invalid("Text must be valid Unicode: it contains a lone surrogate.")


def _texts(value: Any, depth: int) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if depth > MAX_DEPTH:
        raise Malformed(f"The body is nested deeper than {MAX_DEPTH} levels.")
    if isinstance(value, str):
        yield value
    elif isinstance(value, float) and not math.isfinite(value):
        raise Invalid("A number is out of range.")
    elif isinstance(value, dict):
        for key, item in cast("dict[str, Any]", value).items():
            yield key
            yield from _texts(item, depth + 1)
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from _texts(item, depth + 1)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise Malformed("An object in the body names the same key twice.")
    return dict(pairs)


def _no_constant(_: str) -> float:
    raise Invalid("NaN and Infinity are not JSON numbers.")


def _small_int(digits: str) -> int:
    if len(digits) > len(str(_MAX_INTEGER)) + 1 or not -_MAX_INTEGER <= int(digits) < _MAX_INTEGER:
        raise Invalid("An integer is out of range.")
    return int(digits)


def _too_large() -> TooLarge:
    return TooLarge(
        f"The body is larger than {MAX_BODY_BYTES} bytes. Files go straight to the bucket, by a presigned URL."
    )
