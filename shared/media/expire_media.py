"""Gives up waiting for a file."""

from shared.db.connection import Transaction
from shared.media import upload_repository
from shared.media.model import UPLOAD_DEADLINE, PendingUpload


def expire_media(tx: Transaction, upload: PendingUpload) -> bool:
    """pending -> rejected (`expired`), its upload in parts forgotten; False when the phone was back meanwhile."""
    media = upload.media
    if not upload_repository.expire(tx, media.user_id, media.id, age=UPLOAD_DEADLINE):
        return False
    upload_repository.replace_upload_id(tx, media.user_id, media.id, known=upload.upload_id, upload_id=None)
    return True
