"""What we need of an object store."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import IO, Protocol

from shared.media.model import DownloadedObject, MediaFile, ObjectFacts, ObjectPage
from shared.media.parts import Part, StoredPart, UnfinishedPage
from shared.values import frozen


@frozen
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

    def list_unfinished(self, prefix: str, *, after: str | None) -> UnfinishedPage:
        """Up to a thousand uploads in parts under the prefix whose keys sort behind `after`. Raises VendorDown."""
        ...

    def begin_parts(self, media: MediaFile, *, with_digests: bool) -> str:
        """The store's id of a new upload in parts; `with_digests` when SHA-256 of each is known. Raises VendorDown."""
        ...

    def sign_part(self, object_key: str, upload_id: str, part: Part, *, expires_in_seconds: int) -> SignedUpload:
        """Permission to PUT the part: its length and, if known, its digest are part of the signature."""
        ...

    def stored_parts(self, object_key: str, upload_id: str) -> tuple[StoredPart, ...] | None:
        """What has arrived; None when the upload is over, done or abandoned. Raises VendorDown."""
        ...

    def join_parts(self, object_key: str, upload_id: str, parts: Sequence[StoredPart]) -> None:
        """Make one object of exactly these parts, unless the key has one. Whether it was done, `look` tells.

        Raises VendorDown.
        """
        ...

    def abandon_parts(self, object_key: str, upload_id: str) -> None:
        """Forget an upload in parts; one that is over is no error. Raises VendorDown."""
        ...

    def discard(self, object_keys: Sequence[str]) -> None:
        """Delete; what is not there is no error. Raises VendorDown."""
        ...

    def check(self) -> None:
        """Raise VendorDown unless the bucket answers."""
        ...
