"""A request as it came over the wire, and the object it addresses. Pure."""

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, unquote_to_bytes

from dev.object_edge.refusals import S3Error

MAX_KEY_BYTES = 1024
BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
# moto answers these first path segments itself (one of them resets it), so no bucket may be called so.
RESERVED_BY_MOTO = frozenset({"moto-api", "latest", "v20180820"})


@dataclass(frozen=True, kw_only=True)
class WireRequest:
    """Method, still-encoded path and query, and headers with lower-case names in the order received."""

    method: str
    raw_path: str
    raw_query: str
    headers: tuple[tuple[str, str], ...]

    def header(self, name: str) -> str | None:
        """The header's value, repeated ones joined by commas; None when absent."""
        values = [value for known, value in self.headers if known == name]
        return ",".join(values) if values else None

    @cached_property
    def query(self) -> tuple[tuple[str, str], ...]:
        """The decoded query pairs in the order received; a bare name has an empty value.

        Raises:
            S3Error: InvalidURI when an escape is broken or the bytes are not UTF-8.
        """
        parts = (part.partition("=") for part in self.raw_query.split("&") if part)
        return tuple((_decoded(name.replace("+", " ")), _decoded(value.replace("+", " "))) for name, _, value in parts)

    @cached_property
    def canonical_path(self) -> str:
        """The path decoded once and encoded again as SigV4 for S3 does: never normalised.

        Raises:
            S3Error: InvalidURI when an escape is broken or the bytes are not UTF-8.
        """
        return quote(_decoded(self.raw_path), safe="/-_.~")

    @property
    def address(self) -> "ObjectAddress":
        """The bucket and key the path names, either of which may be empty.

        Raises:
            S3Error: InvalidURI, InvalidBucketName or KeyTooLongError.
        """
        bucket, _, key = _decoded(self.raw_path).removeprefix("/").partition("/")
        if bucket and (not BUCKET_NAME.fullmatch(bucket) or bucket in RESERVED_BY_MOTO):
            raise S3Error("InvalidBucketName", "The specified bucket is not valid.", BucketName=bucket)
        if len(key.encode()) > MAX_KEY_BYTES:
            raise S3Error("KeyTooLongError", "Your key is too long")
        return ObjectAddress(bucket=bucket, key=key)


@dataclass(frozen=True, kw_only=True)
class ObjectAddress:
    """Where an object lives. An empty key means the bucket itself."""

    bucket: str
    key: str

    @property
    def target(self) -> str:
        """The path-style request target, percent-encoded."""
        return quote(f"/{self.bucket}/{self.key}", safe="/-_.~")


def _decoded(encoded: str) -> str:
    if BROKEN_ESCAPE.search(encoded):
        raise S3Error("InvalidURI", "Couldn't parse the specified URI.")
    try:
        return unquote_to_bytes(encoded).decode()
    except UnicodeDecodeError as broken:
        raise S3Error("InvalidURI", "Couldn't parse the specified URI.") from broken
