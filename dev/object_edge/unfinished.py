"""Uploads in parts that are under way, and what S3 says of them.

moto keeps the bytes of parts. It does not keep their checksums nor when an upload began, and breaks on one it does not
know; so this is remembered here, and answered from here. Like moto's, it is gone after a restart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from dev.object_edge.refusals import S3Error
from dev.object_edge.wire import ObjectAddress

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
MOST_LISTED = 1_000
SHA256_HEADER = "x-amz-checksum-sha256"


@dataclass(frozen=True, kw_only=True)
class KnownPart:
    """A part moto took. `etag` is quoted; `sha256` is base64, as S3 writes it."""

    etag: str
    size_bytes: int
    sha256: str | None
    put_at: float


@dataclass(frozen=True, kw_only=True)
class UnderWay:
    """An upload begun. `needs_sha256`: it was begun with SHA-256, so no part is taken without one."""

    upload_id: str
    address: ObjectAddress
    needs_sha256: bool
    begun_at: float
    parts: dict[int, KnownPart] = field(default_factory=dict[int, KnownPart])


@dataclass(frozen=True, kw_only=True)
class Unfinished:
    """All of them. `joined` names those that became an object: S3 answers a second completion as the first."""

    uploads: dict[str, UnderWay] = field(default_factory=dict[str, UnderWay])
    joined: set[str] = field(default_factory=set[str])

    def of(self, upload_id: str, address: ObjectAddress) -> UnderWay:
        """The upload of that id and key.

        Raises:
            S3Error: NoSuchUpload.
        """
        found = self.uploads.get(upload_id)
        if found is None or found.address != address:
            message = "The specified upload does not exist. It may have been aborted or completed."
            raise S3Error("NoSuchUpload", message, UploadId=upload_id)
        return found

    def listed(self, bucket: str, query: Mapping[str, str]) -> bytes:
        """The answer to ListMultipartUploads, by key, with `prefix`, `key-marker`, `max-uploads`, `encoding-type`."""
        prefix, after = query.get("prefix", ""), query.get("key-marker", "")
        most = min(int(query.get("max-uploads", MOST_LISTED)), MOST_LISTED)
        found = sorted(
            (
                upload
                for upload in self.uploads.values()
                if upload.address.bucket == bucket and upload.address.key.startswith(prefix)
                if upload.address.key > after
            ),
            key=lambda upload: (upload.address.key, upload.begun_at, upload.upload_id),
        )
        is_encoded = query.get("encoding-type") == "url"
        inner = "".join(_upload_xml(upload, is_encoded=is_encoded) for upload in found[:most])
        inner += _element("IsTruncated", str(len(found) > most).lower()) + _element("Bucket", bucket)
        return _document("ListMultipartUploadsResult", inner)


def parts_xml(upload: UnderWay, query: Mapping[str, str]) -> bytes:
    """The answer to ListParts, with `max-parts` and `part-number-marker`."""
    most = min(int(query.get("max-parts", MOST_LISTED)), MOST_LISTED)
    after = int(query.get("part-number-marker", 0))
    found = [(number, part) for number, part in sorted(upload.parts.items()) if number > after]
    inner = _element("Bucket", upload.address.bucket) + _element("Key", upload.address.key)
    inner += _element("UploadId", upload.upload_id) + _element("IsTruncated", str(len(found) > most).lower())
    if found[:most]:
        inner += _element("NextPartNumberMarker", str(found[:most][-1][0]))
    inner += "".join(_part_xml(number, part) for number, part in found[:most])
    return _document("ListPartsResult", inner)


def check_part(upload: UnderWay, checksums: Mapping[str, str]) -> None:
    """Refuses a part that S3 would not take.

    Raises:
        S3Error: InvalidRequest when the upload was begun with SHA-256 and the part has none.
    """
    if upload.needs_sha256 and SHA256_HEADER not in checksums:
        message = "Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: null"
        raise S3Error("InvalidRequest", message)


def named_parts(upload: UnderWay, xml: bytes) -> tuple[int, ...]:
    """The sizes of the parts that a completion names.

    Raises:
        S3Error: MalformedXML, InvalidRequest when a checksum is missing, InvalidPart when a part is not as named.
    """
    try:
        root = ET.fromstring(xml)  # noqa: S314 - signed by the bucket's owner; expat bounds expansion
        named = [_texts_of(element) for element in root if element.tag.rpartition("}")[2] == "Part"]
        return tuple(_size_of(upload, part) for part in named)
    except (ET.ParseError, KeyError, ValueError) as broken:
        raise S3Error("MalformedXML", "The XML you provided was not well-formed.") from broken


def _size_of(upload: UnderWay, named: Mapping[str, str]) -> int:
    number, sha256 = int(named["PartNumber"]), named.get("ChecksumSHA256")
    if upload.needs_sha256 and sha256 is None:
        message = f"The complete request must include the checksum for each part. It was missing for part {number}"
        raise S3Error("InvalidRequest", f"The upload was created using a sha256 checksum. {message} in the request.")
    known = upload.parts.get(number)
    is_same = known is not None and known.etag.strip('"') == named["ETag"].strip('"')
    if known is None or not is_same or (upload.needs_sha256 and known.sha256 != sha256):
        message = "One or more of the specified parts could not be found, or its entity tag or checksum differs."
        raise S3Error("InvalidPart", message, PartNumber=str(number))
    return known.size_bytes


def _texts_of(parent: ET.Element) -> Mapping[str, str]:
    return {child.tag.rpartition("}")[2]: child.text or "" for child in parent}


def _upload_xml(upload: UnderWay, *, is_encoded: bool) -> str:
    key = quote(upload.address.key) if is_encoded else upload.address.key
    inner = _element("Key", key) + _element("UploadId", upload.upload_id)
    return f"<Upload>{inner}{_element('Initiated', _iso(upload.begun_at))}</Upload>"


def _part_xml(number: int, part: KnownPart) -> str:
    inner = _element("PartNumber", str(number)) + _element("LastModified", _iso(part.put_at))
    inner += _element("ETag", part.etag) + _element("Size", str(part.size_bytes))
    return f"<Part>{inner}{_element('ChecksumSHA256', part.sha256) if part.sha256 else ''}</Part>"


def _document(name: str, inner: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{NAMESPACE}">{inner}</{name}>'.encode()


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
