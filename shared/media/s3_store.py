"""An S3-compatible bucket, addressed by path so that every S3-compatible store understands."""

import base64
import hashlib
import io
from collections.abc import Sequence
from typing import IO
from urllib.parse import quote, urlencode

from shared.aws.signed_http import Answer, SignedHttp
from shared.errors import NotFound, TooLarge, VendorDown
from shared.media.model import DownloadedObject, MediaFile, ObjectFacts, ObjectPage
from shared.media.s3_answers import read_objects
from shared.media.settings import BucketSettings
from shared.media.store import SignedUpload

_OK, _NO_CONTENT, _NOT_FOUND, _PRECONDITION_FAILED = 200, 204, 404, 412


class S3Store:
    """A bucket at `endpoint_url`."""

    def __init__(self, http: SignedHttp, *, endpoint_url: str, bucket: str) -> None:
        self._http = http
        self._bucket_url = f"{endpoint_url.rstrip('/')}/{bucket}"

    @classmethod
    def of(cls, settings: BucketSettings) -> "S3Store":
        """The bucket a function's settings name."""
        http = SignedHttp(credentials=settings.credentials(), region=settings.aws_region, service="s3")
        return cls(http, endpoint_url=settings.bucket_endpoint_url, bucket=settings.bucket)

    def sign_upload(self, media: MediaFile, *, expires_in_seconds: int) -> SignedUpload:
        """Permission to PUT the declared object, once: If-None-Match refuses a second writer."""
        headers = {
            "Content-Length": str(media.size_bytes),
            "Content-Type": media.content_type,
            "If-None-Match": "*",
        }
        if media.sha256 is not None:
            headers["x-amz-checksum-sha256"] = base64.b64encode(bytes.fromhex(media.sha256)).decode()
        url = self._http.presign(
            "PUT", self._url(media.object_key), headers=headers, expires_in_seconds=expires_in_seconds
        )
        return SignedUpload(url=url, headers=headers)

    def look(self, object_key: str) -> ObjectFacts | None:
        """HEAD of the object."""
        answer = self._http.send("HEAD", self._url(object_key))
        if answer.status == _NOT_FOUND:
            return None
        self._expect(answer, _OK, "HEAD")
        return ObjectFacts(
            size_bytes=int(answer.headers["content-length"]),
            content_type=answer.headers.get("content-type"),
            etag=answer.headers["etag"].strip('"'),
        )

    def read(self, object_key: str, *, etag: str | None, max_bytes: int) -> bytes:
        """GET of the object, pinned to `etag`."""
        content = io.BytesIO()
        self.download(object_key, etag=etag, to=content, max_bytes=max_bytes)
        return content.getvalue()

    def download(self, object_key: str, *, etag: str | None, to: IO[bytes], max_bytes: int) -> DownloadedObject:
        """GET of the object, pinned to `etag`, a mebibyte at a time."""
        headers = {} if etag is None else {"If-Match": f'"{etag}"'}
        digest, size_bytes = hashlib.sha256(), 0
        with self._http.fetch(self._url(object_key), headers=headers) as (answer, pieces):
            if answer.status in {_NOT_FOUND, _PRECONDITION_FAILED}:
                raise NotFound("The uploaded object is gone, or is no longer the one that was uploaded.")
            self._expect(answer, _OK, "GET")
            for piece in pieces:
                size_bytes += len(piece)
                if size_bytes > max_bytes:
                    raise TooLarge(f"The object has more than {max_bytes} bytes.", code="upload_too_large")
                digest.update(piece)
                to.write(piece)
        return DownloadedObject(size_bytes=size_bytes, sha256=digest.hexdigest())

    def write(self, object_key: str, data: bytes, *, content_type: str) -> None:
        """PUT of the object; the body's digest is part of the signature."""
        headers = {"Content-Type": content_type}
        self._expect(self._http.send("PUT", self._url(object_key), headers=headers, body=data), _OK, "PUT")

    def list_objects(self, prefix: str, *, after: str | None) -> ObjectPage:
        """GET of the bucket (ListObjectsV2)."""
        query = {"encoding-type": "url", "list-type": "2", "prefix": prefix}
        if after is not None:
            query["start-after"] = after
        answer = self._http.send("GET", f"{self._bucket_url}?{urlencode(query, quote_via=quote)}")
        self._expect(answer, _OK, "GET")
        return read_objects(answer.body)

    def discard(self, object_keys: Sequence[str]) -> None:
        """DELETE of each object: a handful at most, one session's media."""
        for object_key in object_keys:
            self._expect(self._http.send("DELETE", self._url(object_key)), _NO_CONTENT, "DELETE")

    def check(self) -> None:
        """HEAD of the bucket."""
        self._expect(self._http.send("HEAD", self._bucket_url), _OK, "HEAD")

    def _url(self, object_key: str) -> str:
        return f"{self._bucket_url}/{quote(object_key)}"

    @staticmethod
    def _expect(answer: Answer, status: int, method: str) -> None:
        if answer.status != status:
            raise VendorDown(f"The object store answered {answer.status} to {method}.")
