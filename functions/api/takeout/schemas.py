"""The wire shapes of exports and imports."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.edge.endpoint import Body
from shared.media.store import SignedUpload
from shared.takeout.model import URL_SECONDS, Download, Transfer
from shared.values import frozen


class DeclareImport(Body):
    """POST /api/me/import: the ZIP that will be put."""

    size_bytes: Annotated[int, Field(gt=0, lt=2**53)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


@frozen
class ExportOut:
    """An export. `download_url` is there when it is `ready`; keep it to yourself: whoever has it may use it."""

    export_id: UUID
    state: str
    reason: str | None
    detail: str | None
    counts: dict[str, int]
    size_bytes: int | None
    sha256: str | None
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None
    download_url: str | None
    download_expires_in: int | None

    @classmethod
    def of(cls, download: Download) -> "ExportOut":
        """The wire shape."""
        export = download.transfer
        reason, detail = _told(export)
        return cls(
            export_id=export.id,
            state=export.state,
            reason=reason,
            detail=detail,
            counts=export.counts,
            size_bytes=export.size_bytes,
            sha256=export.sha256,
            created_at=export.created_at,
            finished_at=export.finished_at,
            expires_at=export.expires_at,
            download_url=download.url,
            download_expires_in=None if download.url is None else URL_SECONDS,
        )


@frozen
class ImportOut:
    """An import: what has become of it so far, and why not if it failed."""

    import_id: UUID
    state: str
    reason: str | None
    detail: str | None
    counts: dict[str, int]
    created_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, wanted: Transfer) -> "ImportOut":
        """The wire shape."""
        reason, detail = _told(wanted)
        return cls(
            import_id=wanted.id,
            state=wanted.state,
            reason=reason,
            detail=detail,
            counts=wanted.counts,
            created_at=wanted.created_at,
            finished_at=wanted.finished_at,
        )


@frozen
class ImportUploadOut:
    """Where to PUT the ZIP, with exactly these headers; then start the import."""

    import_id: UUID
    state: str
    upload_url: str
    headers: dict[str, str]
    expires_in: int

    @classmethod
    def of(cls, wanted: Transfer, upload: SignedUpload) -> "ImportUploadOut":
        """The wire shape."""
        return cls(
            import_id=wanted.id,
            state=wanted.state,
            upload_url=upload.url,
            headers=dict(upload.headers),
            expires_in=URL_SECONDS,
        )


def _told(transfer: Transfer) -> tuple[str | None, str | None]:
    """The stable code of a reason, and the sentence behind it."""
    code, _, sentence = (transfer.reason or "").partition(": ")
    return code or None, sentence or None
