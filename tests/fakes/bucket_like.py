"""A bucket at the socket: objects with ETags, GET pinned by If-Match, HEAD, PUT and DELETE, lists, and parts."""

import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, unquote

from shared.media.model import ObjectFacts
from tests.fakes.small_server import Asked, Heard, Told, small_server, telling

_NOW = datetime.now(UTC).isoformat()


@dataclass(kw_only=True)
class BucketLike:
    """Objects by their key; whatever key is asked for that is not there is `filler`, if one is set."""

    objects: dict[str, bytes] = field(default_factory=dict[str, bytes])
    unfinished: dict[str, tuple[str, dict[int, bytes]]] = field(default_factory=dict[str, tuple[str, dict[int, bytes]]])
    """Upload id -> key and parts."""
    filler: bytes | None = None
    url: str = ""
    _numbers: Any = field(default_factory=count)

    def put(self, object_key: str, content: bytes) -> ObjectFacts:
        """What a phone does; the facts are what the bucket's notice would say."""
        self.objects[object_key] = content
        return ObjectFacts(size_bytes=len(content), etag=etag_of(content))

    def put_part(self, object_key: str, number: int, content: bytes) -> None:
        """The same for one part of the upload that is under way."""
        _, parts = next(upload for upload in self.unfinished.values() if upload[0] == object_key)
        parts[number] = content

    def clear(self) -> None:
        """Nothing is in it any more."""
        self.objects.clear()
        self.unfinished.clear()

    def answer(self, asked: Asked) -> Told:
        path, _, query_text = asked.path.partition("?")
        query = dict(parse_qsl(query_text, keep_blank_values=True))
        bucket, _, object_key = unquote(path).lstrip("/").partition("/")
        if not object_key:
            return self._bucket(query) if bucket else Told(status=404)
        if "uploads" in query:
            self.unfinished[upload_id := f"upload-{next(self._numbers)}"] = (object_key, {})
            return _xml("InitiateMultipartUploadResult", f"<UploadId>{upload_id}</UploadId>")
        if "uploadId" in query:
            return self._upload(asked, query)
        return self._object(asked, object_key)

    def _bucket(self, query: dict[str, str]) -> Told:
        prefix, now = query.get("prefix", ""), f"<Initiated>{_NOW}</Initiated>"
        if "uploads" in query:
            keys = [(upload_id, key) for upload_id, (key, _) in self.unfinished.items() if key.startswith(prefix)]
            found = [f"<Upload><Key>{key}</Key><UploadId>{one}</UploadId>{now}</Upload>" for one, key in keys]
            return _xml("ListMultipartUploadsResult", *found)
        held = [(key, content) for key, content in sorted(self.objects.items()) if key.startswith(prefix)]
        sizes = [(key, f"<Size>{len(content)}</Size>") for key, content in held]
        modified = f"<LastModified>{_NOW}</LastModified>"
        return _xml("ListBucketResult", *(f"<Contents><Key>{k}</Key>{s}{modified}</Contents>" for k, s in sizes))

    def _upload(self, asked: Asked, query: dict[str, str]) -> Told:
        upload_id = query["uploadId"]
        if upload_id not in self.unfinished:
            return Told(status=404)
        object_key, parts = self.unfinished[upload_id]
        if asked.method == "GET":
            facts = [(n, f"<Size>{len(part)}</Size><ETag>{etag_of(part)}</ETag>") for n, part in sorted(parts.items())]
            return _xml("ListPartsResult", *(f"<Part><PartNumber>{n}</PartNumber>{told}</Part>" for n, told in facts))
        if asked.method == "PUT":
            parts[int(query["partNumber"])] = asked.body
            return Told(headers={"ETag": f'"{etag_of(asked.body)}"'})
        del self.unfinished[upload_id]
        if asked.method == "DELETE":
            return Told(status=204)
        self.objects[object_key] = b"".join(part for _, part in sorted(parts.items()))
        return _xml("CompleteMultipartUploadResult")

    def _object(self, asked: Asked, object_key: str) -> Told:
        if asked.method == "DELETE":
            self.objects.pop(object_key, None)
            return Told(status=204)
        if asked.method == "PUT":
            return Told(headers={"ETag": f'"{self.put(object_key, asked.body).etag}"'})
        content = self.objects.get(object_key, self.filler)
        if content is None:
            return Told(status=404)
        etag = f'"{etag_of(content)}"'
        if asked.headers.get("if-match", etag) != etag:
            return Told(status=412)
        if wanted := asked.headers.get("range"):
            first, last = wanted.removeprefix("bytes=").split("-")
            return Told(status=206, body=content[int(first) : int(last) + 1], headers={"ETag": etag})
        return Told(body=content, headers={"ETag": etag})


def _xml(root: str, *children: str) -> Told:
    """As S3 answers, all on one page."""
    return Told(body=f"<{root}><IsTruncated>false</IsTruncated>{''.join(children)}</{root}>".encode())


@cache
def etag_of(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


@contextmanager
def bucket_like(heard: Heard = lambda _: True) -> Generator[BucketLike]:
    """A bucket that lives as long as the block; `url` is its service's address."""
    bucket = BucketLike()
    with small_server(telling(bucket.answer, heard, "bucket")) as bucket.url:
        yield bucket
