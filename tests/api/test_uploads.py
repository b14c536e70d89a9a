"""Uploads over HTTP: a URL for exactly the declared bytes, and taking note of what arrived."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from functions.api.uploads.routes import Routes
from shared.aws.signed_http import SignedHttp
from shared.config.credentials import Credentials
from shared.media.s3_store import S3Store
from tests.fixtures.captured import CONTENT, Backend
from tests.fixtures.declared import declared_handler
from tests.fixtures.phone import Phone, upload_of

AUDIO = {"type": "audio", "content_type": "audio/wav"}
IMAGE = {"type": "image", "content_type": "image/png"}
MIB = 1024 * 1024
LARGEST_WHOLE = {"audio": 16 * MIB, "image": 15 * MIB}
PRESIGN, COMMIT = "/api/uploads/presign", "/api/uploads/commit"


@pytest.fixture
def session_id(alice: Phone) -> str:
    return alice.session()


@pytest.fixture
def signing(alice: Phone, api: Backend) -> Phone:
    """Alice in front of the real signer."""
    http = SignedHttp(
        credentials=Credentials(access_key="AKID", secret_key="secret", session_token="token"),
        region="eu-central-1",
        service="s3",
    )
    store = S3Store(http, endpoint_url="https://s3.eu-central-1.amazonaws.com", bucket="media")
    uploads = declared_handler(Routes(db=api.db, store=store, queue=api.queue).endpoints(), api.db)
    return Phone(handlers={**alice.handlers, "uploads": uploads}, uid=alice.uid)


def test_a_type_with_parameters_is_the_type(signing: Phone, session_id: str) -> None:
    permission = signing.ok("POST", PRESIGN, {**upload_of(session_id), "content_type": "Audio/WebM;codecs=opus"})
    assert permission["headers"]["Content-Type"] == "audio/webm"


def test_the_url_is_signed_for_exactly_the_declared_bytes(signing: Phone, session_id: str) -> None:
    body = {**upload_of(session_id), "sha256": "ab" * 32}
    permission = signing.ok("POST", PRESIGN, body)
    assert permission.keys() == {"upload_url", "object_key", "media_id", "expires_in", "headers"}
    assert re.fullmatch(rf"sessions/{session_id}/audio/[0-9a-f-]{{36}}\.wav", permission["object_key"])
    assert permission["media_id"] not in permission["object_key"]
    assert permission["expires_in"] == 600
    url = urlsplit(permission["upload_url"])
    signed = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert url.path == f"/media/{permission['object_key']}"
    assert (signed["X-Amz-Algorithm"], signed["X-Amz-Expires"]) == ("AWS4-HMAC-SHA256", "600")
    names = set(signed["X-Amz-SignedHeaders"].split(";"))
    assert names == {"host", *(name.lower() for name in permission["headers"])}
    assert names > {"content-length", "content-type", "if-none-match", "x-amz-checksum-sha256"}
    assert permission["headers"]["Content-Length"] == "9"
    assert permission["headers"]["If-None-Match"] == "*"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"content_type": "text/html"}, (415, "media_unsupported")),
        ({"content_type": "image/png"}, (415, "media_unsupported")),
        ({"content_type": "image/svg+xml", "type": "image"}, (415, "media_unsupported")),
        ({"content_type": ""}, (415, "media_unsupported")),
        ({"size_bytes": 256 * 1024 * 1024 + 1}, (413, "upload_too_large")),
        ({**IMAGE, "size_bytes": 15 * 1024 * 1024 + 1}, (413, "upload_too_large")),
        ({"size_bytes": 0}, (422, "value_invalid")),
        ({"size_bytes": -1}, (422, "value_invalid")),
        ({"size_bytes": 9.0}, (422, "value_invalid")),
        ({"size_bytes": "9"}, (422, "value_invalid")),
        ({"size_bytes": True}, (422, "value_invalid")),
        ({"size_bytes": 2**53}, (422, "value_invalid")),
        ({"type": "video"}, (422, "value_invalid")),
        ({"sha256": "x"}, (422, "value_invalid")),
        ({"sha256": "AB" * 32}, (422, "value_invalid")),
        ({"sha256": "ab" * 32 + "\n"}, (422, "value_invalid")),
        ({"object_key": "sessions/mine"}, (422, "value_invalid")),
        ({"user_id": str(uuid4())}, (422, "value_invalid")),
        ({"session_id": "x"}, (422, "value_invalid")),
        ({"session_id": str(uuid4())}, (404, "not_found")),
    ],
)
def test_a_file_we_do_not_take_gets_no_url(
    alice: Phone, session_id: str, change: dict[str, Any], expected: tuple[int, str]
) -> None:
    assert alice.refused("POST", PRESIGN, {**upload_of(session_id), **change}) == expected
    assert alice.ok("GET", f"/api/sessions/{session_id}")["media"] == []


@pytest.mark.parametrize("limit", [AUDIO, IMAGE], ids=["audio", "image"])
def test_the_largest_files_are_taken(alice: Phone, session_id: str, limit: dict[str, Any]) -> None:
    whole = alice.presign(session_id, **limit, size_bytes=LARGEST_WHOLE[limit["type"]])
    assert whole["upload_url"]
    assert "multipart" not in whole
    if limit == AUDIO:
        in_parts = alice.presign(session_id, **AUDIO, size_bytes=256 * MIB)
        assert (in_parts["upload_url"], in_parts["headers"]) == (None, None)
        assert in_parts["multipart"]["part_count"] == 32


def test_after_finalize_nothing_new_is_taken_and_a_url_can_be_renewed(alice: Phone, session_id: str) -> None:
    first = alice.presign(session_id)
    alice.ok("POST", f"/api/sessions/{session_id}/finalize")
    assert alice.refused("POST", PRESIGN, upload_of(session_id)) == (409, "session_not_open")
    unknown = {**upload_of(session_id), "media_id": str(uuid4())}
    assert alice.refused("POST", PRESIGN, unknown) == (409, "session_not_open")
    renewed = alice.presign(session_id, media_id=first["media_id"])
    assert (renewed["object_key"], renewed["media_id"]) == (first["object_key"], first["media_id"])
    other = {**upload_of(session_id), "media_id": first["media_id"], "size_bytes": 10}
    assert alice.refused("POST", PRESIGN, other) == (422, "value_invalid")


def test_an_id_made_by_the_app_makes_a_retry_the_same_file(alice: Phone, session_id: str) -> None:
    media_id = str(uuid4())
    first, again = (alice.presign(session_id, media_id=media_id) for _ in range(2))
    assert first["media_id"] == again["media_id"] == media_id
    assert first["object_key"] == again["object_key"]
    assert [media["id"] for media in alice.ok("GET", f"/api/sessions/{session_id}")["media"]] == [media_id]
    other = {**upload_of(session_id), "media_id": media_id, "sha256": "ab" * 32}
    assert alice.refused("POST", PRESIGN, other) == (422, "value_invalid")
    elsewhere = {**upload_of(alice.session()), "media_id": media_id}
    assert alice.refused("POST", PRESIGN, elsewhere) == (422, "value_invalid")


def test_two_users_with_the_same_ids_of_session_and_file_never_meet(alice: Phone, bob: Phone, api: Backend) -> None:
    ids = {"session_id": str(uuid4()), "media_id": str(uuid4())}
    permissions: list[Any] = []
    for phone in (alice, bob):
        phone.session(id=ids["session_id"])
        permissions.append(phone.presign(**ids))
    assert [permission["media_id"] for permission in permissions] == [ids["media_id"]] * 2
    assert permissions[0]["object_key"] != permissions[1]["object_key"]
    api.store.put(permissions[0]["object_key"], CONTENT)
    commit = {"media_id": ids["media_id"]}
    assert bob.refused("POST", COMMIT, commit) == (409, "upload_missing")
    assert alice.ok("POST", COMMIT, commit)["status"] == "uploaded"
    alice.ok("DELETE", f"/api/sessions/{ids['session_id']}")
    assert bob.ok("GET", f"/api/sessions/{ids['session_id']}")["media"][0]["status"] == "pending"


def test_a_commit_looks_at_the_object_and_repeats_its_answer(alice: Phone, api: Backend, session_id: str) -> None:
    media = alice.presign(session_id)
    body = {"media_id": media["media_id"]}
    assert alice.refused("POST", COMMIT, body) == (409, "upload_missing")
    api.store.put(media["object_key"], CONTENT)
    expected = {**body, "status": "uploaded", "reason": None}
    assert [alice.ok("POST", COMMIT, body) for _ in range(3)] == [expected] * 3
    whole = alice.ok("GET", f"/api/sessions/{session_id}")
    assert [block["media_id"] for block in whole["blocks"]] == [media["media_id"]]
    assert whole["media"][0]["status"] == "uploaded"
    renewal = {**upload_of(session_id), "media_id": media["media_id"]}
    assert alice.refused("POST", PRESIGN, renewal) == (409, "upload_settled")


def test_an_object_of_another_size_is_rejected_with_a_reason(alice: Phone, api: Backend, session_id: str) -> None:
    media = alice.presign(session_id)
    api.store.put(media["object_key"], CONTENT + b"more")
    body = {"media_id": media["media_id"]}
    expected = {**body, "status": "rejected", "reason": "size_differs"}
    assert [alice.ok("POST", COMMIT, body) for _ in range(2)] == [expected] * 2
    shown = alice.ok("GET", f"/api/sessions/{session_id}")["media"][0]
    assert (shown["status"], shown["reason"]) == ("rejected", "size_differs")


def test_a_commit_while_the_bucket_is_down_says_so(alice: Phone, api: Backend, session_id: str) -> None:
    media = alice.presign(session_id)
    api.store.is_down = True
    assert alice.refused("POST", COMMIT, {"media_id": media["media_id"]}) == (503, "provider_unavailable")


@pytest.mark.parametrize(
    "body", [{}, {"media_id": "x"}, {"media_id": None}, {"media_id": str(uuid4()), "status": "uploaded"}]
)
def test_a_commit_of_a_wrong_shape_is_refused(alice: Phone, body: Any) -> None:
    assert alice.refused("POST", COMMIT, body) == (422, "value_invalid")
