"""What taking out and bringing back need of an object store."""

from collections.abc import Sequence
from typing import IO, Protocol

from shared.media.model import DownloadedObject, ObjectFacts
from shared.media.parts import StoredPart
from shared.media.store import SignedUpload


class ArchiveStore(Protocol):
    """A bucket that large files are written to, and read from, piece by piece."""

    def sign_put(
        self, object_key: str, *, content_type: str, size_bytes: int, sha256: str | None, expires_in_seconds: int
    ) -> SignedUpload:
        """Permission to PUT so many bytes, once."""
        ...

    def sign_download(self, object_key: str, *, file_name: str, expires_in_seconds: int) -> str:
        """A URL anyone may GET the object from until it expires."""
        ...

    def look(self, object_key: str) -> ObjectFacts | None:
        """What is there, without reading it; None when nothing is. Raises VendorDown."""
        ...

    def download(self, object_key: str, *, etag: str | None, to: IO[bytes], max_bytes: int) -> DownloadedObject:
        """Write the bytes to a file piece by piece. Raises NotFound before the first, TooLarge and VendorDown."""
        ...

    def read_range(self, object_key: str, *, etag: str, first: int, size_bytes: int) -> bytes:
        """A stretch of the object, if it is still the one of `etag`. Raises NotFound and VendorDown."""
        ...

    def write(self, object_key: str, data: bytes, *, content_type: str) -> None:
        """Store an object whole, over an earlier one. Raises VendorDown."""
        ...

    def begin_writing(self, object_key: str, *, content_type: str) -> str:
        """The store's id of an object that is written in parts. Raises VendorDown."""
        ...

    def write_part(self, object_key: str, upload_id: str, number: int, data: bytes) -> StoredPart:
        """Send a part: 5 MiB or more, but for the last. Raises VendorDown."""
        ...

    def join_parts(self, object_key: str, upload_id: str, parts: Sequence[StoredPart]) -> None:
        """Make one object of exactly these parts. Whether it was done, `look` tells. Raises VendorDown."""
        ...

    def abandon_parts(self, object_key: str, upload_id: str) -> None:
        """Forget an object in parts; one that is over is no error. Raises VendorDown."""
        ...

    def discard(self, object_keys: Sequence[str]) -> None:
        """Delete; what is not there is no error. Raises VendorDown."""
        ...
