"""What a phone holds, and what may be said of it: decided from our rows alone, and never more than they show."""

from dataclasses import field
from enum import StrEnum
from uuid import UUID

from shared.media.model import MediaFile, MediaStatus
from shared.sessions.model import Session, SessionStatus
from shared.sync.model import ThingKind
from shared.values import frozen

UNKNOWN = "unknown"
NOT_UPLOADED = "not_uploaded"
OTHER_BYTES = "other_bytes"
NOT_PROCESSED = "not_processed"

WITHOUT_BYTES = frozenset({"expired", "missing"})
"""Reasons of a rejected file that say that the bucket does not have it."""


class HeldState(StrEnum):
    """What we have of it: nothing, the thing itself, or what was made out of it as well."""

    MISSING = "missing"
    STORED = "stored"
    PROCESSING = "processing"
    DONE = "done"
    FAILED = "failed"


@frozen
class HeldItem:
    """Something a phone keeps. Size and SHA-256 (hex) are those of a file's bytes, as the phone has them."""

    kind: ThingKind
    id: UUID
    size_bytes: int | None = field(default=None)
    sha256: str | None = field(default=None)


@frozen
class Verdict:
    """What we have of an item. `verified_by` is the strongest fact about its bytes that is the phone's and ours."""

    state: HeldState
    reason: str | None = field(default=None)
    verified_by: str | None = field(default=None)


MISSING = Verdict(state=HeldState.MISSING, reason=UNKNOWN)


def of_session(session: Session | None) -> Verdict:
    """Of a session, or of a block of it: both are rows of ours, whole or not there."""
    if session is None:
        return MISSING
    match session.status:
        case SessionStatus.PENDING_PROCESSING | SessionStatus.PROCESSING:
            return Verdict(state=HeldState.PROCESSING)
        case SessionStatus.PROCESSED:
            return Verdict(state=HeldState.DONE)
        case SessionStatus.FAILED:
            return Verdict(state=HeldState.FAILED, reason=session.failure_reason)
        case SessionStatus.OPEN | SessionStatus.NO_CREDITS | SessionStatus.RAW_ONLY:
            return Verdict(state=HeldState.STORED, reason=session.status)


def of_media(item: HeldItem, media: MediaFile | None, session: Session | None, *, is_read: bool) -> Verdict:
    """Of a file. `is_read`: its content has been turned into text."""
    if media is None or session is None:
        return MISSING
    lacking = _why_missing(item, media)
    if lacking is not None:
        return Verdict(state=HeldState.MISSING, reason=lacking)
    verified_by = _verified_by(item, media)
    if media.status is MediaStatus.REJECTED:
        return Verdict(state=HeldState.FAILED, reason=media.reason, verified_by=verified_by)
    verdict = of_session(session)
    if verdict.state is HeldState.DONE and not is_read:  # it came after the session had gone on without it
        return Verdict(state=HeldState.STORED, reason=NOT_PROCESSED, verified_by=verified_by)
    return Verdict(state=verdict.state, reason=verdict.reason, verified_by=verified_by)


def _why_missing(item: HeldItem, media: MediaFile) -> str | None:
    if media.status is MediaStatus.PENDING:
        return NOT_UPLOADED
    if media.reason in WITHOUT_BYTES:
        return media.reason
    return OTHER_BYTES if _differs(item, media) else None


def _differs(item: HeldItem, media: MediaFile) -> bool:
    other_size = item.size_bytes is not None and item.size_bytes != media.size_bytes
    other_content = None not in {item.sha256, media.sha256} and item.sha256 != media.sha256
    return other_size or other_content


def _verified_by(item: HeldItem, media: MediaFile) -> str | None:
    """A SHA-256 the phone declared was checked by the bucket when it took the bytes: of a large file, part by part."""
    if item.sha256 is not None and item.sha256 == media.sha256:
        return "sha256"
    return None if item.size_bytes is None else "size_bytes"
