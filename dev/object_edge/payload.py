"""Receives a body into memory or a temporary file, and holds it against every digest it was sent with."""

import base64
import binascii
import hashlib
import tempfile
import zlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import IO, Protocol

from dev.object_edge.aws_chunked import ChunkDecoder
from dev.object_edge.claim import SHA256_HEX, UNSIGNED_TRAILER, Claim
from dev.object_edge.refusals import S3Error
from dev.object_edge.wire import WireRequest

DEFAULT_MAX_BODY_BYTES = 512 * 1024 * 1024
MAX_IN_MEMORY_BYTES = 1024 * 1024
CHECKSUM_PREFIX = "x-amz-checksum-"
# Headers of that family that name a choice and hold no digest.
CHECKSUM_CHOICES = frozenset({"x-amz-checksum-algorithm", "x-amz-checksum-mode", "x-amz-checksum-type"})


class Digest(Protocol):
    """What hashlib's objects and `Crc32` have in common."""

    def update(self, data: bytes, /) -> None:
        """Takes further bytes in."""
        ...

    def digest(self) -> bytes:
        """The digest of all bytes so far."""
        ...


class Crc32:
    """CRC-32 in the shape of a hashlib digest; boto3's default for uploads."""

    def __init__(self) -> None:
        self._value = 0

    def update(self, data: bytes, /) -> None:
        """Takes further bytes in."""
        self._value = zlib.crc32(data, self._value)

    def digest(self) -> bytes:
        """Four bytes, most significant first."""
        return self._value.to_bytes(4, "big")


# crc32c and crc64nvme need a native package; what cannot be verified is refused, never waved through.
DIGEST_MAKERS: Mapping[str, Callable[[], Digest]] = {
    "crc32": Crc32,
    "md5": lambda: hashlib.md5(usedforsecurity=False),
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
    "sha256": hashlib.sha256,
}


@dataclass(frozen=True, kw_only=True)
class Body:
    """A received body, decoded and verified. `file` is ours to close and stands at its start."""

    file: IO[bytes]
    size_bytes: int
    md5_hex: str
    sha256_hex: str
    checksums: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class _Received:
    file: IO[bytes]
    size_bytes: int
    digests: Mapping[str, Digest]
    trailers: Mapping[str, str]


async def receive_body(request: WireRequest, claim: Claim, stream: AsyncIterator[bytes], *, max_bytes: int) -> Body:
    """Reads the stream to its end and verifies size, payload hash, Content-MD5 and `x-amz-checksum-*`.

    Raises:
        S3Error: EntityTooLarge, IncompleteBody, BadDigest, InvalidDigest,
            MalformedTrailerError, MissingContentLength, XAmzContentSHA256Mismatch or NotImplemented.
    """
    announced = _announced_bytes(request, claim)
    _refuse_if_larger(announced, max_bytes)
    checksums = stated_checksums(request)
    algorithms = {_algorithm(name) for name in (*checksums, *_announced_trailers(request))}
    file = tempfile.SpooledTemporaryFile(max_size=MAX_IN_MEMORY_BYTES)  # noqa: SIM115 - the Body owns it
    try:
        received = await _receive(stream, claim, file, algorithms, max_bytes)
        _check_size(received, announced)
        checksums |= _trailing_checksums(request, received.trailers)
        _check_digests(request, claim, received, checksums)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return Body(
        file=file,
        size_bytes=received.size_bytes,
        md5_hex=received.digests["md5"].digest().hex(),
        sha256_hex=received.digests["sha256"].digest().hex(),
        checksums=checksums,
    )


def stated_checksums(request: WireRequest) -> dict[str, str]:
    """The `x-amz-checksum-*` values of the body, by lower-case name, from the headers or the signed query."""
    if request.method == "POST":
        # Completing a multipart upload states the checksum of the whole object, not of this XML.
        return {}
    pairs = (*((name.lower(), value) for name, value in request.query), *request.headers)
    return {name: value for name, value in pairs if name.startswith(CHECKSUM_PREFIX) and name not in CHECKSUM_CHOICES}


def _algorithm(header: str) -> str:
    algorithm = header.removeprefix(CHECKSUM_PREFIX)
    if algorithm not in DIGEST_MAKERS:
        raise S3Error("NotImplemented", f"The local bucket cannot verify {header}; use crc32, sha1 or sha256.")
    return algorithm


def _announced_trailers(request: WireRequest) -> list[str]:
    names = (request.header("x-amz-trailer") or "").lower().split(",")
    return [name.strip() for name in names if name.strip()]


def _announced_bytes(request: WireRequest, claim: Claim) -> int | None:
    name = "x-amz-decoded-content-length" if claim.payload_hash == UNSIGNED_TRAILER else "content-length"
    text = request.header(name)
    if text is None and claim.payload_hash == UNSIGNED_TRAILER:
        raise S3Error("MissingContentLength", "You must provide the x-amz-decoded-content-length HTTP header.")
    if text is not None and not (text.isascii() and text.isdigit()):
        raise S3Error("InvalidArgument", f"{name} must be a number", ArgumentName=name)
    return None if text is None else int(text)


def _refuse_if_larger(size_bytes: int | None, max_bytes: int) -> None:
    if size_bytes is not None and size_bytes > max_bytes:
        message = "Your proposed upload exceeds the maximum allowed size"
        sizes = {"ProposedSize": str(size_bytes), "MaxSizeAllowed": str(max_bytes)}
        raise S3Error("EntityTooLarge", message, **sizes)


async def _receive(
    stream: AsyncIterator[bytes], claim: Claim, file: IO[bytes], algorithms: Iterable[str], max_bytes: int
) -> _Received:
    digests = {name: DIGEST_MAKERS[name]() for name in {*algorithms, "md5", "sha256"}}
    decoder = ChunkDecoder() if claim.payload_hash == UNSIGNED_TRAILER else None
    size_bytes = 0
    async for piece in stream:
        for data in decoder.feed(piece) if decoder else (piece,):
            size_bytes += len(data)
            _refuse_if_larger(size_bytes, max_bytes)
            file.write(data)
            for digest in digests.values():
                digest.update(data)
    if decoder:
        decoder.finish()
    trailers = decoder.trailers if decoder else {}
    return _Received(file=file, size_bytes=size_bytes, digests=digests, trailers=trailers)


def _check_size(received: _Received, announced: int | None) -> None:
    if announced is not None and received.size_bytes != announced:
        message = "You did not provide the number of bytes specified by the Content-Length HTTP header"
        raise S3Error("IncompleteBody", message)


def _trailing_checksums(request: WireRequest, trailers: Mapping[str, str]) -> dict[str, str]:
    announced = _announced_trailers(request)
    if set(announced) != set(trailers):
        raise S3Error("MalformedTrailerError", "The trailing headers are not those that x-amz-trailer announced.")
    return dict(trailers)


def _check_digests(request: WireRequest, claim: Claim, received: _Received, checksums: Mapping[str, str]) -> None:
    computed = received.digests["sha256"].digest().hex()
    if SHA256_HEX.fullmatch(claim.payload_hash) and computed != claim.payload_hash:
        message = "The provided 'x-amz-content-sha256' header does not match what was computed."
        hashes = {
            "ClientComputedContentSHA256": claim.payload_hash,
            "S3ComputedContentSHA256": computed,
        }
        raise S3Error("XAmzContentSHA256Mismatch", message, **hashes)
    for name, value in checksums.items():
        _check_digest(name, value, received.digests[_algorithm(name)])
    content_md5 = request.header("content-md5")
    if content_md5 is not None:
        _check_digest("Content-MD5", content_md5, received.digests["md5"])


def _check_digest(name: str, value: str, digest: Digest) -> None:
    computed = digest.digest()
    try:
        stated = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        stated = b""
    if len(stated) != len(computed):
        raise S3Error("InvalidDigest", f"The {name} you specified is not valid.")
    if stated != computed:
        raise S3Error("BadDigest", f"The {name} you specified did not match what we received.")
