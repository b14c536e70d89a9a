"""A bucket in memory, whose signed URLs are words only: that signatures hold is tested on the object edge."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Lock
from typing import IO

from shared.errors import NotFound, TooLarge, VendorDown
from shared.media.model import DownloadedObject, ListedObject, MediaFile, ObjectFacts, ObjectPage
from shared.media.parts import Part, StoredPart, UnfinishedPage, UnfinishedUpload
from shared.media.store import SignedUpload


@dataclass(frozen=True, kw_only=True)
class StoredObject:
    content: bytes
    content_type: str
    age: timedelta = timedelta(0)

    @property
    def etag(self) -> str:
        return hashlib.md5(self.content, usedforsecurity=False).hexdigest()


@dataclass(kw_only=True)
class UnderWay:
    """An upload in parts."""

    content_type: str
    with_digests: bool
    parts: dict[int, bytes] = field(default_factory=dict[int, bytes])
    age: timedelta = timedelta(0)

    def stored(self) -> tuple[StoredPart, ...]:
        return tuple(
            StoredPart(
                number=number,
                size_bytes=len(content),
                etag=hashlib.md5(content, usedforsecurity=False).hexdigest(),
                sha256=hashlib.sha256(content).hexdigest() if self.with_digests else None,
            )
            for number, content in sorted(self.parts.items())
        )


@dataclass(kw_only=True)
class MemoryStore:
    """Fulfils shared.media.store.ObjectStore."""

    objects: dict[str, StoredObject] = field(default_factory=dict[str, StoredObject])
    is_down: bool = False
    page_size: int = 1_000
    under_way: dict[tuple[str, str], UnderWay] = field(default_factory=dict[tuple[str, str], UnderWay])
    numbers: Iterator[int] = field(default_factory=count)
    lock: Lock = field(default_factory=Lock)

    def put(self, object_key: str, content: bytes, content_type: str = "audio/wav") -> ObjectFacts:
        """What a phone does with its signed URL; the answer is what the bucket's notice would say."""
        stored = StoredObject(content=content, content_type=content_type)
        self.objects[object_key] = stored
        return ObjectFacts(size_bytes=len(content), etag=stored.etag)

    def sign_upload(self, media: MediaFile, *, expires_in_seconds: int) -> SignedUpload:
        headers = {"Content-Type": media.content_type, "Content-Length": str(media.size_bytes), "If-None-Match": "*"}
        return SignedUpload(url=f"memory:///{media.object_key}?expires_in={expires_in_seconds}", headers=headers)

    def sign_put(
        self, object_key: str, *, content_type: str, size_bytes: int, sha256: str | None, expires_in_seconds: int
    ) -> SignedUpload:
        headers = {"Content-Type": content_type, "Content-Length": str(size_bytes), "If-None-Match": "*"}
        if sha256 is not None:
            headers["x-amz-checksum-sha256"] = sha256
        return SignedUpload(url=f"memory:///{object_key}?expires_in={expires_in_seconds}", headers=headers)

    def sign_download(self, object_key: str, *, file_name: str, expires_in_seconds: int) -> str:
        return f"memory:///{object_key}?name={file_name}&expires_in={expires_in_seconds}"

    def read_range(self, object_key: str, *, etag: str, first: int, size_bytes: int) -> bytes:
        return self.read(object_key, etag=etag, max_bytes=2**63)[first : first + size_bytes]

    def begin_writing(self, object_key: str, *, content_type: str) -> str:
        self.check()
        upload_id = f"upload-{next(self.numbers)}"
        self.under_way[object_key, upload_id] = UnderWay(content_type=content_type, with_digests=False)
        return upload_id

    def write_part(self, object_key: str, upload_id: str, number: int, data: bytes) -> StoredPart:
        self.check()
        self.put_part(object_key, upload_id, number, data)
        return self.under_way[object_key, upload_id].stored()[-1]

    def look(self, object_key: str) -> ObjectFacts | None:
        self.check()
        stored = self.objects.get(object_key)
        if stored is None:
            return None
        return ObjectFacts(size_bytes=len(stored.content), etag=stored.etag, content_type=stored.content_type)

    def read(self, object_key: str, *, etag: str | None, max_bytes: int) -> bytes:
        self.check()
        stored = self.objects.get(object_key)
        if stored is None or etag not in (None, stored.etag):
            raise NotFound("The uploaded object is gone, or is no longer the one that was uploaded.")
        if len(stored.content) > max_bytes:
            raise TooLarge(f"The object has more than {max_bytes} bytes.", code="upload_too_large")
        return stored.content

    def download(self, object_key: str, *, etag: str | None, to: IO[bytes], max_bytes: int) -> DownloadedObject:
        content = self.read(object_key, etag=etag, max_bytes=max_bytes)
        to.write(content)
        return DownloadedObject(size_bytes=len(content), sha256=hashlib.sha256(content).hexdigest())

    def write(self, object_key: str, data: bytes, *, content_type: str) -> None:
        self.check()
        self.put(object_key, data, content_type)

    def list_objects(self, prefix: str, *, after: str | None) -> ObjectPage:
        self.check()
        keys = sorted(key for key in self.objects if key.startswith(prefix) and (after is None or key > after))
        listed = [self._listed(key) for key in keys[: self.page_size]]
        is_cut = len(keys) > self.page_size
        return ObjectPage(objects=tuple(listed), next_after=listed[-1].object_key if is_cut else None)

    def _listed(self, object_key: str) -> ListedObject:
        stored = self.objects[object_key]
        modified_at = datetime.now(UTC) - stored.age
        return ListedObject(object_key=object_key, size_bytes=len(stored.content), modified_at=modified_at)

    def list_unfinished(self, prefix: str, *, after: str | None) -> UnfinishedPage:
        self.check()
        found = [
            UnfinishedUpload(object_key=key, upload_id=upload_id, begun_at=datetime.now(UTC) - under_way.age)
            for (key, upload_id), under_way in sorted(self.under_way.items(), key=lambda entry: entry[0])
            if key.startswith(prefix) and (after is None or key > after)
        ]
        is_cut = len(found) > self.page_size
        page = found[: self.page_size]
        return UnfinishedPage(uploads=tuple(page), next_after=page[-1].object_key if is_cut else None)

    def begin_parts(self, media: MediaFile, *, with_digests: bool) -> str:
        self.check()
        upload_id = f"upload-{next(self.numbers)}"
        begun = UnderWay(content_type=media.content_type, with_digests=with_digests)
        self.under_way[media.object_key, upload_id] = begun
        return upload_id

    def sign_part(self, object_key: str, upload_id: str, part: Part, *, expires_in_seconds: int) -> SignedUpload:
        url = f"memory:///{object_key}?part={part.number}&upload={upload_id}&expires_in={expires_in_seconds}"
        return SignedUpload(url=url, headers={"Content-Length": str(part.size_bytes)})

    def put_part(self, object_key: str, upload_id: str, number: int, content: bytes) -> None:
        """What a phone does with the signed URL of a part."""
        self.under_way[object_key, upload_id].parts[number] = content

    def stored_parts(self, object_key: str, upload_id: str) -> tuple[StoredPart, ...] | None:
        self.check()
        under_way = self.under_way.get((object_key, upload_id))
        return None if under_way is None else under_way.stored()

    def join_parts(self, object_key: str, upload_id: str, parts: Sequence[StoredPart]) -> None:
        self.check()
        with self.lock:
            under_way = self.under_way.get((object_key, upload_id))
            if under_way is None or object_key in self.objects or tuple(parts) != under_way.stored():
                return
            whole = b"".join(under_way.parts[number] for number in sorted(under_way.parts))
            self.put(object_key, whole, under_way.content_type)
            del self.under_way[object_key, upload_id]

    def abandon_parts(self, object_key: str, upload_id: str) -> None:
        self.check()
        self.under_way.pop((object_key, upload_id), None)

    def discard(self, object_keys: Sequence[str]) -> None:
        self.check()
        for object_key in object_keys:
            self.objects.pop(object_key, None)

    def check(self) -> None:
        if self.is_down:
            raise VendorDown("The bucket is down.")
