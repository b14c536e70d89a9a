"""What files we take, and when an object is the declared one."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from shared.errors import TooLarge, Unsupported
from shared.ids import MediaId, SessionId, UserId, new_id
from shared.media.model import (
    EXTENSIONS,
    MAX_BYTES,
    MediaFile,
    MediaStatus,
    MediaType,
    ObjectFacts,
    check_size,
    extension_of,
    mismatch,
    object_key,
)

FILE = MediaFile(
    id=MediaId(new_id()),
    user_id=UserId(new_id()),
    session_id=SessionId(new_id()),
    type=MediaType.AUDIO,
    object_key="sessions/s/audio/m.wav",
    content_type="audio/wav",
    size_bytes=9,
    sha256=None,
    status=MediaStatus.PENDING,
    reason=None,
    etag=None,
    duration_ms=None,
    speech_ms=None,
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
    uploaded_at=None,
)


def test_every_type_we_take_has_an_extension_and_a_limit() -> None:
    for media_type in MediaType:
        assert MAX_BYTES[media_type] > 0
        for content_type, extension in EXTENSIONS[media_type].items():
            assert extension_of(media_type, content_type) == extension


@pytest.mark.parametrize(
    ("media_type", "content_type"),
    [
        (MediaType.AUDIO, "image/png"),
        (MediaType.IMAGE, "audio/wav"),
        (MediaType.IMAGE, "image/svg+xml"),
        (MediaType.AUDIO, "audio/x-mpegurl"),
        (MediaType.AUDIO, "audio/wav; charset=x"),
        (MediaType.AUDIO, ""),
    ],
)
def test_other_types_are_refused(media_type: MediaType, content_type: str) -> None:
    with pytest.raises(Unsupported):
        extension_of(media_type, content_type)


@pytest.mark.parametrize("media_type", list(MediaType))
def test_the_limit_itself_is_taken_and_a_byte_more_is_not(media_type: MediaType) -> None:
    check_size(media_type, MAX_BYTES[media_type])
    with pytest.raises(TooLarge) as refused:
        check_size(media_type, MAX_BYTES[media_type] + 1)
    assert refused.value.exact_code == "upload_too_large"


def test_keys_hold_only_signs_that_no_encoding_changes() -> None:
    for media_type, taken in EXTENSIONS.items():
        for extension in taken.values():
            object_id = new_id()
            key = object_key(FILE.session_id, media_type, object_id, extension)
            assert re.fullmatch(r"sessions/[0-9a-f-]{36}/(audio|image)/[0-9a-f-]{36}\.[a-z0-9]+", key)
            assert UUID(key.split("/")[3].partition(".")[0]) == object_id


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (ObjectFacts(size_bytes=9, etag="e"), None),
        (ObjectFacts(size_bytes=9, etag="e", content_type="Audio/WAV"), None),
        (ObjectFacts(size_bytes=8, etag="e"), "size_differs"),
        (ObjectFacts(size_bytes=0, etag="e", content_type="audio/wav"), "size_differs"),
        (ObjectFacts(size_bytes=9, etag="e", content_type="text/html"), "type_differs"),
        (ObjectFacts(size_bytes=9, etag="e", content_type=""), "type_differs"),
    ],
)
def test_an_object_is_the_declared_one_by_size_and_type(facts: ObjectFacts, reason: str | None) -> None:
    assert mismatch(FILE, facts) == reason


def test_a_status_is_what_the_app_shows() -> None:
    assert [str(status) for status in MediaStatus] == ["pending", "uploaded", "rejected"]
    assert replace(FILE, status=MediaStatus.REJECTED).status == "rejected"
