"""A verified request, and what is sent on to moto for it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from urllib.parse import unquote_plus

from dev.object_edge.claim import QUERY_PARAMETERS
from dev.object_edge.payload import CHECKSUM_PREFIX, Body
from dev.object_edge.wire import ObjectAddress, WireRequest

# Ours to set again, meant for this hop only, or already answered here (signature, encoding, CORS).
NOT_FORWARDED = frozenset(
    {
        "access-control-request-headers",
        "access-control-request-method",
        "authorization",
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "x-amz-content-sha256",
        "x-amz-date",
        "x-amz-decoded-content-length",
        "x-amz-trailer",
    }
)
SIGNATURE_PARAMETERS = frozenset(name.lower() for name in QUERY_PARAMETERS)
# A PUT or DELETE with one of these concerns a part or a property of the object, not its bytes.
SUBRESOURCES = frozenset({"acl", "legal-hold", "partNumber", "retention", "tagging", "uploadId"})


class Operation(Enum):
    """What a request does to objects and to uploads in parts, as far as keeping them is concerned."""

    PUT = auto()
    COPY = auto()
    BEGIN_PARTS = auto()
    PUT_PART = auto()
    LIST_PARTS = auto()
    LIST_UNFINISHED = auto()
    ABANDON_PARTS = auto()
    COMPLETE = auto()
    DELETE = auto()
    DELETE_MANY = auto()
    OTHER = auto()


# (method, whether a key is named, parameters of the query, what it does): the first that fits.
OF_SUBRESOURCES = (
    ("PUT", True, {"partNumber", "uploadId"}, Operation.PUT_PART),
    ("GET", True, {"uploadId"}, Operation.LIST_PARTS),
    ("DELETE", True, {"uploadId"}, Operation.ABANDON_PARTS),
    ("POST", True, {"uploads"}, Operation.BEGIN_PARTS),
    ("POST", True, {"uploadId"}, Operation.COMPLETE),
    ("GET", False, {"uploads"}, Operation.LIST_UNFINISHED),
    ("POST", False, {"delete"}, Operation.DELETE_MANY),
)


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One verified request on its way to moto."""

    request: WireRequest
    address: ObjectAddress
    body: Body | None

    @cached_property
    def operation(self) -> Operation:
        """What it does to the bytes of objects."""
        method, has_key, names = self.request.method, bool(self.address.key), set(self.query)
        for of_method, of_key, wanted, operation in OF_SUBRESOURCES:
            if (of_method, of_key) == (method, has_key) and wanted <= names:
                return operation
        if not has_key or names & SUBRESOURCES or method not in {"PUT", "DELETE"}:
            return Operation.OTHER
        if method == "DELETE":
            return Operation.DELETE
        return Operation.COPY if "x-amz-copy-source" in self.headers else Operation.PUT

    @cached_property
    def query(self) -> dict[str, str]:
        """The query's values by name."""
        return dict(self.request.query)

    @property
    def target(self) -> str:
        """Path and query for moto: without the signature, and without the headers that stood in the query."""
        parts = (part for part in self.request.raw_query.split("&") if part)
        kept = [part for part in parts if not _name(part).startswith("x-")]
        path = self.request.canonical_path
        return f"{path}?{'&'.join(kept)}" if kept else path

    @cached_property
    def headers(self) -> dict[str, str]:
        """Headers for moto by lower-case name, with the length of the decoded body."""
        names = {name for name, _ in self.request.headers} - NOT_FORWARDED
        headers = {name: self.request.header(name) or "" for name in names}
        headers |= _hoisted(self.request)
        headers["content-length"] = str(self.body.size_bytes if self.body else 0)
        if "content-encoding" in headers:
            headers["content-encoding"] = _without_aws_chunked(headers["content-encoding"])
        if self.body:
            headers |= _stated(self.body.checksums)
        return {name: value for name, value in headers.items() if name != "content-encoding" or value}


def _hoisted(request: WireRequest) -> dict[str, str]:
    # SDKs may presign a header as a query parameter (`X-Amz-Meta-…`); S3 takes either.
    pairs = ((name.lower(), value) for name, value in request.query)
    return {
        name: value
        for name, value in pairs
        if name.startswith("x-amz-") and name not in SIGNATURE_PARAMETERS | NOT_FORWARDED
    }


def _stated(checksums: Mapping[str, str]) -> dict[str, str]:
    # moto keeps a checksum only when this header names its algorithm.
    names = [name.removeprefix(CHECKSUM_PREFIX).upper() for name in checksums]
    return {**checksums, "x-amz-sdk-checksum-algorithm": names[0]} if names else {}


def _without_aws_chunked(encodings: str) -> str:
    names = (name.strip() for name in encodings.split(","))
    return ",".join(name for name in names if name and name != "aws-chunked")


def _name(query_part: str) -> str:
    return unquote_plus(query_part.partition("=")[0]).lower()
