"""What S3 answers in XML, as our values, and the one body we send it. Pure."""

import base64
from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import unquote_plus
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from shared.errors import VendorDown
from shared.media.model import ListedObject, ObjectPage
from shared.media.parts import StoredPart, UnfinishedPage, UnfinishedUpload


def read_objects(xml: bytes) -> ObjectPage:
    """A ListBucketResult with url-encoded keys. Raises VendorDown when it is none."""
    root = _root(xml, "ListBucketResult")
    objects = tuple(_object(found) for found in _children(root, "Contents"))
    is_cut = _text(root, "IsTruncated") == "true"
    return ObjectPage(objects=objects, next_after=objects[-1].object_key if is_cut and objects else None)


def read_unfinished(xml: bytes) -> UnfinishedPage:
    """A ListMultipartUploadsResult with url-encoded keys. Raises VendorDown when it is none."""
    root = _root(xml, "ListMultipartUploadsResult")
    uploads = tuple(_unfinished(found) for found in _children(root, "Upload"))
    is_cut = _text(root, "IsTruncated") == "true"
    return UnfinishedPage(uploads=uploads, next_after=uploads[-1].object_key if is_cut and uploads else None)


def read_upload_id(xml: bytes) -> str:
    """The id in an InitiateMultipartUploadResult. Raises VendorDown when it is none."""
    return _text(_root(xml, "InitiateMultipartUploadResult"), "UploadId")


def read_parts(xml: bytes) -> tuple[StoredPart, ...]:
    """A ListPartsResult. Raises VendorDown when it is none."""
    return tuple(_part(found) for found in _children(_root(xml, "ListPartsResult"), "Part"))


def write_parts(parts: Sequence[StoredPart]) -> bytes:
    """The body of CompleteMultipartUpload."""
    return f"<CompleteMultipartUpload>{''.join(map(_written, parts))}</CompleteMultipartUpload>".encode()


def check_joined(xml: bytes) -> None:
    """S3 begins to answer 200 before it knows: an error may still follow in the body. Raises VendorDown."""
    _root(xml.lstrip(), "CompleteMultipartUploadResult")  # white space keeps the connection alive meanwhile


def _unfinished(found: ET.Element) -> UnfinishedUpload:
    return UnfinishedUpload(
        object_key=unquote_plus(_text(found, "Key")),
        upload_id=_text(found, "UploadId"),
        begun_at=datetime.fromisoformat(_text(found, "Initiated")),
    )


def _part(found: ET.Element) -> StoredPart:
    digest = _text(found, "ChecksumSHA256")
    return StoredPart(
        number=int(_text(found, "PartNumber")),
        size_bytes=int(_text(found, "Size")),
        etag=_text(found, "ETag"),
        sha256=base64.b64decode(digest).hex() if digest else None,
    )


def _written(part: StoredPart) -> str:
    digest = ""
    if part.sha256 is not None:
        digest = f"<ChecksumSHA256>{base64.b64encode(bytes.fromhex(part.sha256)).decode()}</ChecksumSHA256>"
    return f"<Part><PartNumber>{part.number}</PartNumber><ETag>{escape(part.etag)}</ETag>{digest}</Part>"


def _object(found: ET.Element) -> ListedObject:
    return ListedObject(
        object_key=unquote_plus(_text(found, "Key")),
        size_bytes=int(_text(found, "Size")),
        modified_at=datetime.fromisoformat(_text(found, "LastModified")),
    )


def _root(xml: bytes, name: str) -> ET.Element:
    try:
        root = ET.fromstring(xml)  # noqa: S314 - the bucket's own answer; expat bounds expansion
    except ET.ParseError as error:
        raise VendorDown("The object store answered something that is no XML.") from error
    if _name(root) != name:
        raise VendorDown(f"The object store answered {_name(root)} instead of {name}.")
    return root


def _children(parent: ET.Element, name: str) -> Iterator[ET.Element]:
    return (child for child in parent if _name(child) == name)


def _text(parent: ET.Element, name: str) -> str:
    return next((child.text or "" for child in _children(parent, name)), "")


def _name(element: ET.Element) -> str:
    """Without the namespace, which not every S3-compatible store sets."""
    return element.tag.rpartition("}")[2]
