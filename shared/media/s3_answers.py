"""What S3 answers in XML, as our values. Pure."""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import unquote_plus
from xml.etree import ElementTree as ET

from shared.errors import VendorDown
from shared.media.model import ListedObject, ObjectPage


def read_objects(xml: bytes) -> ObjectPage:
    """A ListBucketResult with url-encoded keys. Raises VendorDown when it is none."""
    root = _root(xml, "ListBucketResult")
    objects = tuple(_object(found) for found in _children(root, "Contents"))
    is_cut = _text(root, "IsTruncated") == "true"
    return ObjectPage(objects=objects, next_after=objects[-1].object_key if is_cut and objects else None)


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
