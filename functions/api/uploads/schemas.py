"""The wire shapes of uploads."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from shared.edge.endpoint import Body
from shared.media.model import MediaType
from shared.values import frozen


def _without_parameters(content_type: str) -> str:
    """`audio/webm;codecs=opus`, as browsers say it, is `audio/webm`; the headers answered say what to send."""
    return content_type.partition(";")[0].strip()


MOST_DIGESTS = 100
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class PresignUpload(Body):
    """POST /api/uploads/presign. With a `media_id`, which the app may make, a repeat is the same file.

    `part_sha256` has one digest for each part of a file of more than 16 MiB.
    """

    session_id: UUID
    type: MediaType
    content_type: Annotated[str, StringConstraints(to_lower=True, max_length=100), AfterValidator(_without_parameters)]
    size_bytes: Annotated[int, Field(gt=0, lt=2**53)]
    sha256: Sha256 | None = None
    part_sha256: Annotated[list[Sha256], Field(min_length=1, max_length=MOST_DIGESTS)] | None = None
    media_id: UUID | None = None


class CommitUpload(Body):
    """POST /api/uploads/commit."""

    media_id: UUID


@frozen
class UploadOut:
    """Where to PUT the bytes. Send exactly these headers; keep the URL to yourself: whoever has it may use it."""

    upload_url: str
    object_key: str
    media_id: UUID
    expires_in: int
    headers: dict[str, str]


@frozen
class StoredPartOut:
    """A part that is in the bucket already."""

    part_number: int
    size_bytes: int


@frozen
class MissingPartOut:
    """Where to PUT `size_bytes` of the file, from `offset_bytes` on. Send exactly these headers."""

    part_number: int
    offset_bytes: int
    size_bytes: int
    upload_url: str
    headers: dict[str, str]


@frozen
class MultipartOut:
    """What is there of a file in parts, and the permissions for the rest. With nothing missing, commit."""

    part_size_bytes: int
    part_count: int
    stored: list[StoredPartOut]
    parts: list[MissingPartOut]


@frozen
class PartsOut:
    """The same for a file of more than 16 MiB, which goes in parts; `upload_url` and `headers` are null."""

    upload_url: None = None
    object_key: str
    media_id: UUID
    expires_in: int
    headers: None = None
    multipart: MultipartOut


@frozen
class CommittedOut:
    """What has become of the upload."""

    media_id: UUID
    status: str
    reason: str | None
