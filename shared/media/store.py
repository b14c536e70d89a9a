"""What we need of an object store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from shared.media.model import MediaFile, ObjectFacts


@dataclass(frozen=True, kw_only=True)
class SignedUpload:
    """A bearer permission to write one object once. The phone must send exactly these headers."""

    url: str = field(repr=False)
    headers: Mapping[str, str]


class ObjectStore(Protocol):
    """A bucket."""

    def sign_upload(self, media: MediaFile, *, expires_in_seconds: int) -> SignedUpload:
        """Permission to PUT the declared object: its length, type, checksum and newness are part of the signature."""
        ...

    def look(self, object_key: str) -> ObjectFacts | None:
        """What is there, without reading it; None when nothing is. Raises VendorDown."""
        ...

    def read(self, object_key: str, *, etag: str | None, max_bytes: int) -> bytes:
        """The bytes, if they are still the ones of `etag`. Raises NotFound, TooLarge and VendorDown."""
        ...

    def discard(self, object_keys: Sequence[str]) -> None:
        """Delete; what is not there is no error. Raises VendorDown."""
        ...

    def check(self) -> None:
        """Raise VendorDown unless the bucket answers."""
        ...
