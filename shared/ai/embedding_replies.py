"""What an OpenAI-compatible embeddings endpoint is asked and what it must answer, whoever carries the bytes.

https://developers.openai.com/api/reference/resources/embeddings/methods/create
"""

import base64
import binascii
import math
import sys
from array import array
from collections.abc import Callable, Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.ai.capabilities import Embedded, Endpoint, Usage, Vector
from shared.ai.paid_so_far import tell_paid
from shared.ai.vendor_errors import InvalidReply, costing, invalid_reply, parse_reply, usage_of_failure
from shared.errors import VendorDown, VendorRefused

DIMENSIONS = 1536

BATCH = 256
"""Texts in one request. Of 600 characters each they stay below OpenAI's 300,000 tokens in any script."""

MAX_REPLY_BYTES = 16_000_000
"""256 vectors of 1,536 numbers are 2 MB as base64 and up to 9 MB as text."""

_UNIT_LENGTH_ERROR = 1e-6  # of 32-bit floats that were of unit length; what is kept of them has 11 bits


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, defer_build=True)


class _Item(_Wire):
    index: Annotated[int, Field(ge=0, lt=BATCH)]
    embedding: str | list[Annotated[float, Field(strict=True)]]


class _Usage(_Wire):
    total_tokens: Annotated[int, Field(ge=0, lt=2**31)] = 0  # all of them read: there is no output to count


class _Reply(_Wire):
    data: Annotated[list[_Item], Field(max_length=BATCH)]
    usage: _Usage | None = None


def read_embeddings(body: bytes, *, count: int, endpoint: Endpoint, provider_ms: int = 0) -> Embedded:
    """The vectors of `count` texts, in order, brought to unit length.

    Raises:
        InvalidReply: (`provider_invalid`) not JSON, another shape, another number of vectors, or a vector that is of
            the wrong length, not finite, or all zero.
    """
    reply = parse_reply(_Reply, body, provider=endpoint.provider)
    usage = usage_of(endpoint, tokens=reply.usage.total_tokens if reply.usage else 0, provider_ms=provider_ms)
    try:
        return Embedded(vectors=_vectors(reply.data, count, endpoint.provider), usage=usage)
    except InvalidReply as useless:
        raise costing(useless, usage if usage.tokens else None) from useless


def _vectors(items: Sequence[_Item], count: int, provider: str) -> tuple[Vector, ...]:
    in_order = sorted(items, key=lambda item: item.index)
    if [item.index for item in in_order] != list(range(count)):
        raise invalid_reply(provider, f"has {len(in_order)} vectors, not one for each of {count} texts")
    return tuple(_unit(_numbers(item.embedding, provider), provider) for item in in_order)


def embed_in_batches(endpoint: Endpoint, texts: Sequence[str], embed: Callable[[list[str]], Embedded]) -> Embedded:
    """What `embed` makes of the texts, in the portions one request may carry, as one.

    Raises what `embed` raises; it then tells what the portions before cost, too, though nobody has their vectors.
    """
    made: list[Embedded] = []
    for batch in batches(texts):
        try:
            made.append(embed(batch))
            tell_paid(_added(endpoint, [reply.usage for reply in made]))
        except (VendorDown, VendorRefused) as failure:
            if not made:
                raise
            own = usage_of_failure(failure)
            paid = [*(reply.usage for reply in made), *([] if own is None else [own])]
            raise costing(failure, _added(endpoint, paid)) from failure
    return Embedded(
        vectors=tuple(vector for reply in made for vector in reply.vectors),
        usage=_added(endpoint, [reply.usage for reply in made]),
    )


def _added(endpoint: Endpoint, usages: Sequence[Usage]) -> Usage:
    """As one call's: a token's price is the same in each."""
    return usage_of(
        endpoint,
        tokens=sum(usage.tokens for usage in usages),
        provider_ms=sum(usage.provider_ms for usage in usages),
    )


def usage_of(endpoint: Endpoint, *, tokens: int, provider_ms: int) -> Usage:
    """What was used of this endpoint."""
    return Usage(
        provider=endpoint.provider,
        model=endpoint.model,
        operation="embed",
        tokens=tokens,
        input_tokens=tokens,
        provider_ms=provider_ms,
    )


def batches(texts: Sequence[str]) -> list[list[str]]:
    """Texts in the portions one request may carry."""
    return [list(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]


def _numbers(embedding: str | list[float], provider: str) -> Sequence[float]:
    """Numbers as they came, or from the base64 of little-endian 32-bit floats."""
    if not isinstance(embedding, str):
        return embedding
    numbers = array("f")
    try:
        numbers.frombytes(base64.b64decode(embedding, validate=True))
    except (binascii.Error, ValueError) as error:
        raise invalid_reply(provider, "holds a vector that is not base64 of 32-bit floats") from error
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _unit(numbers: Sequence[float], provider: str) -> Vector:
    if len(numbers) != DIMENSIONS:
        raise invalid_reply(provider, f"holds a vector of {len(numbers)} numbers, not {DIMENSIONS}")
    norm = math.hypot(*numbers)  # infinite or NaN as soon as one number is
    if not 0 < norm < math.inf:
        raise invalid_reply(provider, "holds a vector that is zero or not finite")
    if abs(norm - 1) < _UNIT_LENGTH_ERROR:
        return array("f", numbers)
    return array("f", (number / norm for number in numbers))
