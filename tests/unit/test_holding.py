"""What a phone is told of what it holds: never more than our rows show, for a phone deletes its copy by it."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from shared.ids import MediaId, SessionId, UserId, new_id
from shared.media.model import MediaFile, MediaStatus, MediaType
from shared.sessions.model import Session, SessionStatus, SessionType
from shared.sync.holding import HeldItem, HeldState, of_media, of_session
from shared.sync.model import ThingKind

NOW = datetime(2026, 3, 2, tzinfo=UTC)
OURS, OTHER = "ab" * 32, "cd" * 32
SIZE = 9
MISSING, STORED, PROCESSING = HeldState.MISSING, HeldState.STORED, HeldState.PROCESSING
DONE, FAILED = HeldState.DONE, HeldState.FAILED

OF_STATUS = {
    SessionStatus.OPEN: (STORED, "open"),
    SessionStatus.PENDING_PROCESSING: (PROCESSING, None),
    SessionStatus.PROCESSING: (PROCESSING, None),
    SessionStatus.PROCESSED: (DONE, None),
    SessionStatus.FAILED: (FAILED, "nothing_usable"),
    SessionStatus.NO_CREDITS: (STORED, "no_credits"),
    SessionStatus.RAW_ONLY: (STORED, "raw_only"),
}
REJECTED = ["size_differs", "type_differs", "block_deleted", "no_speech", "not_audio", "provider_refused"]

SESSION = Session(
    id=SessionId(new_id()),
    user_id=UserId(new_id()),
    session_type=SessionType.VOICE,
    status=SessionStatus.OPEN,
    language="en",
    time_zone="UTC",
    title=None,
    ai_summary=None,
    failure_reason=None,
    created_at=NOW,
    updated_at=NOW,
    finalized_at=None,
    finalized_as=None,
    processed_at=None,
    version=1,
)
FILE = MediaFile(
    id=MediaId(new_id()),
    user_id=SESSION.user_id,
    session_id=SESSION.id,
    type=MediaType.AUDIO,
    object_key="k",
    content_type="audio/wav",
    size_bytes=SIZE,
    sha256=OURS,
    status=MediaStatus.UPLOADED,
    reason=None,
    etag="e",
    duration_ms=None,
    speech_ms=None,
    created_at=NOW,
    uploaded_at=NOW,
)


def session(status: SessionStatus) -> Session:
    return replace(SESSION, status=status, failure_reason=OF_STATUS[status][1] if status == "failed" else None)


def held(size_bytes: int | None = SIZE, sha256: str | None = OURS) -> HeldItem:
    return HeldItem(kind=ThingKind.MEDIA, id=FILE.id, size_bytes=size_bytes, sha256=sha256)


@pytest.mark.parametrize("status", SessionStatus)
def test_a_session_is_said_to_be_where_it_is(status: SessionStatus) -> None:
    verdict = of_session(session(status))
    assert (verdict.state, verdict.reason) == OF_STATUS[status]


@pytest.mark.parametrize("status", SessionStatus)
def test_an_uploaded_file_goes_with_its_session(status: SessionStatus) -> None:
    verdict = of_media(held(), FILE, session(status), is_read=True)
    assert (verdict.state, verdict.reason, verdict.verified_by) == (*OF_STATUS[status], "sha256")


def test_a_file_that_came_too_late_to_be_read_is_not_done() -> None:
    verdict = of_media(held(), FILE, session(SessionStatus.PROCESSED), is_read=False)
    assert (verdict.state, verdict.reason) == (STORED, "not_processed")


@pytest.mark.parametrize(("status", "is_read"), product(SessionStatus, [True, False]))
def test_a_file_without_bytes_is_missing_whatever_its_session_came_to(status: SessionStatus, *, is_read: bool) -> None:
    pending = replace(FILE, status=MediaStatus.PENDING, etag=None)
    gone = [replace(FILE, status=MediaStatus.REJECTED, reason=reason) for reason in ("expired", "missing")]
    verdicts = [of_media(held(), file, session(status), is_read=is_read) for file in (pending, *gone)]
    assert [(verdict.state, verdict.reason) for verdict in verdicts] == [
        (MISSING, "not_uploaded"),
        (MISSING, "expired"),
        (MISSING, "missing"),
    ]


@pytest.mark.parametrize(("status", "reason"), product(SessionStatus, REJECTED))
def test_a_rejected_file_has_failed_with_its_reason(status: SessionStatus, reason: str) -> None:
    rejected = replace(FILE, status=MediaStatus.REJECTED, reason=reason)
    verdict = of_media(held(), rejected, session(status), is_read=False)
    assert (verdict.state, verdict.reason) == (FAILED, reason)


@pytest.mark.parametrize(
    ("item", "file"),
    [
        (held(size_bytes=SIZE + 1), FILE),
        (held(size_bytes=0, sha256=None), FILE),
        (held(sha256=OTHER), FILE),
        (held(size_bytes=None, sha256=OTHER), FILE),
        (held(size_bytes=SIZE + 1), replace(FILE, sha256=None)),
        (held(sha256=OTHER), replace(FILE, status=MediaStatus.REJECTED, reason="no_speech")),
    ],
    ids=["size", "size alone", "content", "content alone", "size, content unknown", "of a rejected file"],
)
@pytest.mark.parametrize("status", SessionStatus)
def test_other_bytes_are_missing(item: HeldItem, file: MediaFile, status: SessionStatus) -> None:
    verdict = of_media(item, file, session(status), is_read=True)
    assert (verdict.state, verdict.reason, verdict.verified_by) == (MISSING, "other_bytes", None)


@pytest.mark.parametrize(
    ("item", "stored", "proof"),
    [
        (held(), OURS, "sha256"),
        (held(size_bytes=None), OURS, "sha256"),
        (held(), None, "size_bytes"),
        (held(sha256=None), OURS, "size_bytes"),
        (held(size_bytes=None), None, None),
        (held(size_bytes=None, sha256=None), OURS, None),
    ],
    ids=["both", "content", "content unknown here", "size", "content alone, unknown here", "neither"],
)
def test_the_proof_is_the_strongest_fact_both_sides_know(item: HeldItem, stored: str | None, proof: str | None) -> None:
    verdict = of_media(item, replace(FILE, sha256=stored), SESSION, is_read=False)
    assert (verdict.state, verdict.verified_by) == (STORED, proof)


def test_what_we_have_no_row_of_is_missing() -> None:
    verdicts = [
        of_session(None),
        of_media(held(), None, None, is_read=False),
        of_media(held(), FILE, None, is_read=True),
    ]
    assert {(verdict.state, verdict.reason) for verdict in verdicts} == {(MISSING, "unknown")}
