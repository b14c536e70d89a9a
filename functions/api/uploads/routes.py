"""Routes of uploads: they translate, and call one use case each."""

from functions.api.uploads.schemas import (
    CommittedOut,
    CommitUpload,
    MissingPartOut,
    MultipartOut,
    PartsOut,
    PresignUpload,
    StoredPartOut,
    UploadOut,
)
from shared.db.connection import Database
from shared.edge.endpoint import AnyEndpoint, Endpoint, NoQuery, Reply, Request
from shared.errors import Conflict, NotFound, Unsupported, VendorDown
from shared.ids import MediaId, SessionId
from shared.media.model import UPLOAD_SECONDS, MediaFile
from shared.media.parts import PART_BYTES
from shared.media.permit_parts import SignedPart, SignedParts
from shared.media.store import ObjectStore, SignedUpload
from shared.outbox.queue import Queue
from shared.sessions.commit_upload import commit_upload
from shared.sessions.declare_upload import DeclaredFile, declare_upload
from shared.values import frozen


@frozen
class Routes:
    """The routes, with what their use cases need."""

    db: Database
    store: ObjectStore
    queue: Queue

    def endpoints(self) -> list[AnyEndpoint]:
        """Every route of this function."""
        return [
            Endpoint(
                method="POST",
                path="/api/uploads/presign",
                handle=self.presign,
                body=PresignUpload,
                query=NoQuery,
                replies={200: UploadOut | PartsOut},
                errors=(NotFound, Conflict, Unsupported, VendorDown),
                repeats="anew",  # its URLs live for minutes, and open a door
            ),
            Endpoint(
                method="POST",
                path="/api/uploads/commit",
                handle=self.commit,
                body=CommitUpload,
                query=NoQuery,
                replies={200: CommittedOut},
                errors=(NotFound, Conflict, VendorDown),
                repeats="anew",  # it looks what has become of the file
            ),
        ]

    def presign(self, request: Request[PresignUpload, NoQuery]) -> Reply:
        """Permit an upload: URLs that take exactly the declared bytes, once, for ten minutes."""
        wanted = request.body
        media_id = wanted.media_id or request.id_of_key()
        file = DeclaredFile(
            media_type=wanted.type,
            content_type=wanted.content_type,
            size_bytes=wanted.size_bytes,
            sha256=wanted.sha256,
            part_sha256=None if wanted.part_sha256 is None else tuple(wanted.part_sha256),
            media_id=None if media_id is None else MediaId(media_id),
        )
        media, upload = declare_upload(self.db, self.store, request.user_id, SessionId(wanted.session_id), file)
        return Reply(body=_in_parts(media, upload) if isinstance(upload, SignedParts) else _whole(media, upload))

    def commit(self, request: Request[CommitUpload, NoQuery]) -> Reply:
        """Look at the uploaded object, and tell the file's status; safe to repeat."""
        media = commit_upload(self.db, self.store, self.queue, request.user_id, MediaId(request.body.media_id))
        return Reply(body=CommittedOut(media_id=media.id, status=media.status, reason=media.reason))


def _whole(media: MediaFile, upload: SignedUpload) -> UploadOut:
    return UploadOut(
        upload_url=upload.url,
        object_key=media.object_key,
        media_id=media.id,
        expires_in=UPLOAD_SECONDS,
        headers=dict(upload.headers),
    )


def _in_parts(media: MediaFile, upload: SignedParts) -> PartsOut:
    multipart = MultipartOut(
        part_size_bytes=PART_BYTES,
        part_count=len(upload.planned),
        stored=[StoredPartOut(part_number=part.number, size_bytes=part.size_bytes) for part in upload.stored],
        parts=[_missing(signed) for signed in upload.missing],
    )
    return PartsOut(object_key=media.object_key, media_id=media.id, expires_in=UPLOAD_SECONDS, multipart=multipart)


def _missing(signed: SignedPart) -> MissingPartOut:
    return MissingPartOut(
        part_number=signed.part.number,
        offset_bytes=signed.part.offset_bytes,
        size_bytes=signed.part.size_bytes,
        upload_url=signed.upload.url,
        headers=dict(signed.upload.headers),
    )
