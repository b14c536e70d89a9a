"""Writes an object of any size without ever holding more of it than a part."""

import hashlib
from io import RawIOBase
from typing import TYPE_CHECKING

from shared.errors import VendorDown
from shared.media.model import ObjectFacts
from shared.media.parts import PART_BYTES, StoredPart
from shared.takeout.archive_store import ArchiveStore
from shared.takeout.model import WrittenObject

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class ObjectWriter(RawIOBase):
    """A file that can be written to, and not sought in. Until `finish` there is no object.

    Up to a part it goes as one PUT; what is larger, in parts, which `abandon` throws away.
    """

    def __init__(self, store: ArchiveStore, object_key: str, *, content_type: str) -> None:
        super().__init__()
        self._store = store
        self._object_key = object_key
        self._content_type = content_type
        self._buffer = bytearray()
        self._digest = hashlib.sha256()
        self._size_bytes = 0
        self._upload_id: str | None = None
        self._parts: list[StoredPart] = []

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        """Take bytes; whole parts are sent at once. Raises VendorDown."""
        piece = memoryview(data).cast("B")
        self._digest.update(piece)
        self._size_bytes += len(piece)
        self._buffer += piece
        while len(self._buffer) > PART_BYTES:
            self._send(bytes(self._buffer[:PART_BYTES]))
            del self._buffer[:PART_BYTES]
        return len(piece)

    def finish(self) -> tuple[WrittenObject, ObjectFacts]:
        """Make the object, and look at it. Raises VendorDown when it is not what was written."""
        if self._upload_id is None:
            self._store.write(self._object_key, bytes(self._buffer), content_type=self._content_type)
        else:
            self._send(bytes(self._buffer))
            self._store.join_parts(self._object_key, self._upload_id, self._parts)
        self._buffer.clear()
        facts = self._store.look(self._object_key)
        if facts is None or facts.size_bytes != self._size_bytes:
            raise VendorDown("The object store does not have what was written to it.")
        return WrittenObject(size_bytes=self._size_bytes, sha256=self._digest.hexdigest()), facts

    def abandon(self) -> None:
        """Forget what was sent. Raises VendorDown."""
        if self._upload_id is not None:
            self._store.abandon_parts(self._object_key, self._upload_id)

    def _send(self, data: bytes) -> None:
        if self._upload_id is None:
            self._upload_id = self._store.begin_writing(self._object_key, content_type=self._content_type)
        self._parts.append(self._store.write_part(self._object_key, self._upload_id, len(self._parts) + 1, data))
