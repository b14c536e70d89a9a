"""What we need of an object store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Protocol

from shared.media.model import DownloadedObject, MediaFile, ObjectFacts, ObjectPage


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

    def download(self, object_key: str, *, etag: str | None, to: IO[bytes], max_bytes: int) -> DownloadedObject:
        """Write the bytes to a file piece by piece, if they are still the ones of `etag`.

        What the file holds after an error is worthless. Raises NotFound, TooLarge and VendorDown.
        """
        ...

    def write(self, object_key: str, data: bytes, *, content_type: str) -> None:
        """Store an object of our own making, over an earlier one. Raises VendorDown."""
        ...

    def list_objects(self, prefix: str, *, after: str | None) -> ObjectPage:
        """Up to a thousand objects under the prefix whose keys sort behind `after`. Raises VendorDown."""
        ...

    def discard(self, object_keys: Sequence[str]) -> None:
        """Delete; what is not there is no error. Raises VendorDown."""
        ...

    def check(self) -> None:
        """Raise VendorDown unless the bucket answers."""
        ...
