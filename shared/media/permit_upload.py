"""Gives a file's permission anew."""

from collections.abc import Sequence

from shared.db.connection import Transaction
from shared.errors import Invalid
from shared.ids import MediaId, UserId
from shared.media import upload_repository
from shared.media.model import PendingUpload


def permit_upload(
    tx: Transaction, user_id: UserId, media_id: MediaId, part_sha256: Sequence[str] | None
) -> PendingUpload:
    """The 24 hours begin again, and a file that expired is waited for again. The row must exist.

    Digests may be left out in a repeat. Raises Invalid when they are others than before.
    """
    upload_repository.permit(tx, user_id, media_id, part_sha256)
    upload_repository.revive(tx, user_id, media_id)
    upload = upload_repository.find(tx, user_id, media_id)
    if upload is None:
        raise RuntimeError("a file was permitted whose row is gone")
    if part_sha256 is not None and upload.part_sha256 != tuple(part_sha256):
        raise Invalid("This media_id was declared with another part_sha256: repeat it, or choose a new media_id.")
    return upload
