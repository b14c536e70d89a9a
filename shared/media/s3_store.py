"""An S3-compatible bucket, addressed by path so that every S3-compatible store understands."""

import base64
import hashlib
import io
from collections.abc import Mapping, Sequence
from typing import IO
from urllib.parse import quote, urlencode

from shared.aws.signed_http import Answer, SignedHttp
from shared.errors import NotFound, TooLarge, VendorDown
from shared.media.model import DownloadedObject, MediaFile, ObjectFacts, ObjectPage
from shared.media.parts import Part, StoredPart, UnfinishedPage
from shared.media.s3_answers import (
    check_joined,
    read_objects,
    read_parts,
    read_unfinished,
    read_upload_id,
    write_parts,
)
from shared.media.settings import BucketSettings
from shared.media.store import SignedUpload

_OK, _NO_CONTENT, _PARTIAL = 200, 204, 206
_BAD_REQUEST, _NOT_FOUND, _CONFLICT, _PRECONDITION_FAILED = 400, 404, 409, 412
# Another caller joins the parts or has done so, or one was sent again since they were listed: look, and ask again.
_JOINED_OTHERWISE = {_NOT_FOUND, _CONFLICT, _PRECONDITION_FAILED}


class S3Store:
    """A bucket at `endpoint_url`."""

    def __init__(self, http: SignedHttp, *, endpoint_url: str, bucket: str) -> None:
        self._http = http
        self._bucket_url = f"{endpoint_url.rstrip('/')}/{bucket}"

    @classmethod
    def of(cls, settings: BucketSettings, *, timeout_seconds: float = 10) -> "S3Store":
        """The bucket a function's settings name."""
        http = SignedHttp(
            credentials=settings.credentials_of_bucket(),
            region=settings.region_of_bucket(),
            service="s3",
            timeout_seconds=timeout_seconds,
        )
        return cls(http, endpoint_url=settings.bucket_endpoint_url, bucket=settings.bucket)

    def sign_upload(self, media: MediaFile, *, expires_in_seconds: int) -> SignedUpload:
        """Permission to PUT the declared object, once: If-None-Match refuses a second writer."""
        return self.sign_put(
            media.object_key,
            content_type=media.content_type,
            size_bytes=media.size_bytes,
            sha256=media.sha256,
            expires_in_seconds=expires_in_seconds,
        )

    def sign_put(
        self, object_key: str, *, content_type: str, size_bytes: int, sha256: str | None, expires_in_seconds: int
    ) -> SignedUpload:
        """The same of anything: a presigned PUT of so many bytes."""
        headers = {"Content-Length": str(size_bytes), "Content-Type": content_type, "If-None-Match": "*"}
        if sha256 is not None:
            headers["x-amz-checksum-sha256"] = _base64_of(sha256)
        url = self._http.presign("PUT", self._url(object_key), headers=headers, expires_in_seconds=expires_in_seconds)
        return SignedUpload(url=url, headers=headers)

    def sign_download(self, object_key: str, *, file_name: str, expires_in_seconds: int) -> str:
        """A presigned GET, which a browser saves under that name: plain ASCII, without quotes."""
        url = _with(self._url(object_key), {"response-content-disposition": f'attachment; filename="{file_name}"'})
        return self._http.presign("GET", url, headers={}, expires_in_seconds=expires_in_seconds)

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

    def read_range(self, object_key: str, *, etag: str, first: int, size_bytes: int) -> bytes:
        """GET of a stretch (Range), pinned to `etag`."""
        headers = {"If-Match": f'"{etag}"', "Range": f"bytes={first}-{first + size_bytes - 1}"}
        answer = self._http.send("GET", self._url(object_key), headers=headers)
        if answer.status in {_NOT_FOUND, _PRECONDITION_FAILED}:
            raise NotFound("The uploaded object is gone, or is no longer the one that was uploaded.")
        self._expect(answer, _PARTIAL, "GET")
        return answer.body

    def write(self, object_key: str, data: bytes, *, content_type: str) -> None:
        """PUT of the object; the body's digest is part of the signature."""
        headers = {"Content-Type": content_type}
        self._expect(self._http.send("PUT", self._url(object_key), headers=headers, body=data), _OK, "PUT")

    def list_objects(self, prefix: str, *, after: str | None) -> ObjectPage:
        """GET of the bucket (ListObjectsV2)."""
        query = {"encoding-type": "url", "list-type": "2", "prefix": prefix}
        if after is not None:
            query["start-after"] = after
        answer = self._http.send("GET", _with(self._bucket_url, query))
        self._expect(answer, _OK, "GET")
        return read_objects(answer.body)

    def list_unfinished(self, prefix: str, *, after: str | None) -> UnfinishedPage:
        """GET of the bucket (ListMultipartUploads)."""
        query = {"encoding-type": "url", "prefix": prefix, "uploads": ""}
        if after is not None:
            query["key-marker"] = after
        answer = self._http.send("GET", _with(self._bucket_url, query))
        self._expect(answer, _OK, "GET")
        return read_unfinished(answer.body)

    def begin_parts(self, media: MediaFile, *, with_digests: bool) -> str:
        """POST (CreateMultipartUpload). With digests, the store takes no part without one."""
        return self._begin_parts(
            media.object_key, media.content_type, {"x-amz-checksum-algorithm": "SHA256"} if with_digests else {}
        )

    def begin_writing(self, object_key: str, *, content_type: str) -> str:
        """The same for parts that `write_part` sends."""
        return self._begin_parts(object_key, content_type, {})

    def _begin_parts(self, object_key: str, content_type: str, headers: Mapping[str, str]) -> str:
        url = _with(self._url(object_key), {"uploads": ""})
        answer = self._http.send("POST", url, headers={"Content-Type": content_type, **headers})
        self._expect(answer, _OK, "POST")
        return read_upload_id(answer.body)

    def write_part(self, object_key: str, upload_id: str, number: int, data: bytes) -> StoredPart:
        """PUT of a part of our own making (UploadPart)."""
        url = _with(self._url(object_key), {"partNumber": str(number), "uploadId": upload_id})
        answer = self._http.send("PUT", url, body=data)
        self._expect(answer, _OK, "PUT")
        return StoredPart(number=number, size_bytes=len(data), etag=answer.headers["etag"], sha256=None)

    def sign_part(self, object_key: str, upload_id: str, part: Part, *, expires_in_seconds: int) -> SignedUpload:
        """A presigned PUT of one part (UploadPart)."""
        headers = {"Content-Length": str(part.size_bytes)}
        if part.sha256 is not None:
            headers["x-amz-checksum-sha256"] = _base64_of(part.sha256)
        url = _with(self._url(object_key), {"partNumber": str(part.number), "uploadId": upload_id})
        signed = self._http.presign("PUT", url, headers=headers, expires_in_seconds=expires_in_seconds)
        return SignedUpload(url=signed, headers=headers)

    def stored_parts(self, object_key: str, upload_id: str) -> tuple[StoredPart, ...] | None:
        """GET (ListParts): one page, which holds a thousand; no file we take has more."""
        answer = self._http.send("GET", _with(self._url(object_key), {"uploadId": upload_id}))
        if answer.status == _NOT_FOUND:
            return None
        self._expect(answer, _OK, "GET")
        return read_parts(answer.body)

    def join_parts(self, object_key: str, upload_id: str, parts: Sequence[StoredPart]) -> None:
        """POST (CompleteMultipartUpload). If-None-Match refuses where an object is, as it does for one PUT."""
        url = _with(self._url(object_key), {"uploadId": upload_id})
        answer = self._http.send("POST", url, headers={"If-None-Match": "*"}, body=write_parts(parts))
        if answer.status in _JOINED_OTHERWISE or (answer.status == _BAD_REQUEST and b"InvalidPart" in answer.body):
            return
        self._expect(answer, _OK, "POST")
        check_joined(answer.body)

    def abandon_parts(self, object_key: str, upload_id: str) -> None:
        """DELETE (AbortMultipartUpload)."""
        answer = self._http.send("DELETE", _with(self._url(object_key), {"uploadId": upload_id}))
        if answer.status != _NOT_FOUND:
            self._expect(answer, _NO_CONTENT, "DELETE")

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


def _with(url: str, query: Mapping[str, str]) -> str:
    return f"{url}?{urlencode(query, quote_via=quote)}"


def _base64_of(sha256: str) -> str:
    return base64.b64encode(bytes.fromhex(sha256)).decode()
