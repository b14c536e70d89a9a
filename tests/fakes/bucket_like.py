"""A bucket at the socket: objects with ETags, GET pinned by If-Match, HEAD, PUT and DELETE."""

import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote

from shared.media.model import ObjectFacts
from tests.fakes.small_server import Asked, Heard, Told, small_server, telling


@dataclass(kw_only=True)
class BucketLike:
    """Objects by their key; whatever key is asked for that is not there is `filler`, if one is set."""

    objects: dict[str, bytes] = field(default_factory=dict[str, bytes])
    filler: bytes | None = None
    url: str = ""

    def put(self, object_key: str, content: bytes) -> ObjectFacts:
        """What a phone does; the facts are what the bucket's notice would say."""
        self.objects[object_key] = content
        return ObjectFacts(size_bytes=len(content), etag=etag_of(content))

    def answer(self, asked: Asked) -> Told:
        bucket, _, object_key = unquote(asked.path.partition("?")[0]).lstrip("/").partition("/")
        if not object_key:
            return Told(status=200 if bucket else 404)
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
        return Told(body=content, headers={"ETag": etag})


def etag_of(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


@contextmanager
def bucket_like(heard: Heard = lambda _: True) -> Generator[BucketLike]:
    """A bucket that lives as long as the block; `url` is its service's address."""
    bucket = BucketLike()
    with small_server(telling(bucket.answer, heard, "bucket")) as bucket.url:
        yield bucket
