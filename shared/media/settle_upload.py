"""Decides, once, whether the uploaded object is the declared one."""

from shared.db.connection import Transaction
from shared.media import repository
from shared.media.model import MediaFile, MediaStatus, ObjectFacts, mismatch


def settle_upload(tx: Transaction, media: MediaFile, facts: ObjectFacts) -> MediaStatus | None:
    """pending or expired -> uploaded, or rejected when size or type differ; None when it was settled before."""
    reason = mismatch(media, facts)
    status = MediaStatus.UPLOADED if reason is None else MediaStatus.REJECTED
    settled = repository.settle_upload(tx, media.user_id, media.id, status=status, reason=reason, etag=facts.etag)
    return status if settled else None
