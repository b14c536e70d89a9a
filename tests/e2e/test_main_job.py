"""The main job, and what may go wrong on its way, over HTTP alone."""

import time
from typing import Any
from uuid import uuid4

import httpx

from tests.e2e.phone import Phone
from tests.e2e.served import Served


def test_a_voice_note_a_picture_and_a_marker_come_back_by_meaning(
    phone: Phone, voice_note: bytes, picture: bytes
) -> None:
    assert phone.credits() == 3
    session_id = phone.open_session()
    voice = phone.upload(session_id, voice_note, media_type="audio", content_type="audio/ogg")
    image = phone.upload(session_id, picture, media_type="image", content_type="image/png")
    blocks = [
        {"block_type": "voice", "media_id": voice},
        {"block_type": "image", "media_id": image},
        {"block_type": "marker", "text_content": "The spare key is in the blue drawer."},
    ]
    phone.call("POST", f"/api/sessions/{session_id}/blocks", blocks)
    first = phone.finalize(session_id)
    assert first["status"] == "pending_processing"
    session = phone.until(session_id)
    assert session["status"] == "processed", session["failure_reason"]
    assert phone.finalize(session_id) == first
    assert phone.credits() == 2
    assert session["title"]
    assert session["summary"]
    kinds = {block["id"]: block["block_type"] for block in session["blocks"]}
    tooth = phone.search("my tooth aches")[0]
    assert kinds[tooth["block_id"]] == "voice"
    assert tooth["start_ms"] <= 10_500
    assert tooth["provider"] == "local"
    assert tooth["media_id"] == voice
    assert kinds[phone.search("what to buy at the weekend")[0]["block_id"]] == "image"
    assert kinds[phone.search("where did I put the key")[0]["block_id"]] == "marker"
    assert {step["state"] for step in session["steps"]} == {"completed"}
    answer = phone.call("POST", "/api/ask", {"question": "Where is the spare key?"})
    assert answer["answered"]
    assert answer["answer"] == "The spare key is in the blue drawer."
    assert kinds[answer["citations"][0]["block_id"]] == "marker"
    unknown = phone.call("POST", "/api/ask", {"question": "Who won the chess tournament in Tbilisi?"})
    assert (unknown["answered"], unknown["citations"]) == (False, [])


def test_an_uploaded_file_that_no_block_names_gets_a_block_of_its_own(phone: Phone, picture: bytes) -> None:
    session_id = phone.open_session("image")
    media_id = phone.upload(session_id, picture, media_type="image", content_type="image/png")
    phone.finalize(session_id)
    session = phone.until(session_id)
    assert session["status"] == "processed"
    assert [(block["media_id"], block["block_type"]) for block in session["blocks"]] == [(media_id, "image")]


def test_another_user_finds_and_sees_nothing_of_it(phone: Phone, served: Served) -> None:
    session_id = phone.open_session()
    phone.call("POST", f"/api/sessions/{session_id}/blocks", {"block_type": "marker", "text_content": "a secret"})
    phone.finalize(session_id)
    phone.until(session_id)
    other = Phone(url=served.url, http=phone.http)
    assert other.search("a secret", threshold=0) == []
    theirs = other.answer("GET", f"/api/sessions/{session_id}", headers={"x-request-id": "same"})
    nobodys = other.answer("GET", f"/api/sessions/{uuid4()}", headers={"x-request-id": "same"})
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.content == nobodys.content


def test_a_session_finalized_before_its_upload_waits_and_then_goes_on(phone: Phone, picture: bytes) -> None:
    session_id = phone.open_session("image")
    upload = phone.presign(session_id, picture, media_type="image", content_type="image/png")
    phone.finalize(session_id)
    waiting = phone.call("GET", f"/api/sessions/{session_id}")
    states = {step["kind"]: (step["state"], step["reason"]) for step in waiting["steps"]}
    assert states["describe_image"] == ("waiting", "upload")
    phone.http.put(upload["upload_url"], content=picture, headers=upload["headers"]).raise_for_status()
    assert phone.until(session_id)["status"] == "processed"


def test_a_file_that_is_not_what_it_claims_is_rejected_and_the_session_goes_on(phone: Phone) -> None:
    session_id = phone.open_session()
    phone.upload(
        session_id, b"#EXTM3U\nhttp://127.0.0.1/secret.ts\n" * 50, media_type="audio", content_type="audio/mpeg"
    )
    phone.call("POST", f"/api/sessions/{session_id}/blocks", {"block_type": "marker", "text_content": "Buy bread"})
    phone.finalize(session_id)
    session = phone.until(session_id)
    assert session["status"] == "processed"
    assert [(media["status"], media["reason"]) for media in session["media"]] == [("rejected", "not_audio")]
    assert phone.search("bakery")[0]["text"] == "Buy bread"


def test_when_nothing_usable_is_left_the_session_fails_and_the_credit_comes_back(phone: Phone) -> None:
    session_id = phone.open_session("image")
    phone.upload(session_id, b"\x89PNG\r\n\x1a\n" + b"\0" * 500, media_type="image", content_type="image/png")
    phone.finalize(session_id)
    session = phone.until(session_id)
    assert (session["status"], session["failure_reason"]) == ("failed", "nothing_usable")
    assert phone.credits() == 3
    reasons = [entry["reason"] for entry in phone.call("GET", "/api/me/credits/ledger")["entries"]]
    assert reasons == ["refund", "session", "trial"]


def test_editing_a_block_of_a_processed_session_changes_what_is_found(phone: Phone) -> None:
    session_id = phone.open_session()
    block = phone.call(
        "POST", f"/api/sessions/{session_id}/blocks", {"block_type": "marker", "text_content": "Call the plumber"}
    )
    phone.finalize(session_id)
    phone.until(session_id)
    path = f"/api/sessions/{session_id}/blocks/{block['id']}"
    phone.call("PATCH", path, {"text_content": "Book flights to Lisbon"})
    hits = _until_found(phone, "travel by plane", "Book flights to Lisbon")
    assert [hit["text"] for hit in hits] == ["Book flights to Lisbon"]


def test_a_deleted_session_is_not_found_any_more_and_its_object_goes(phone: Phone, picture: bytes) -> None:
    session_id = phone.open_session("image")
    phone.upload(session_id, picture, media_type="image", content_type="image/png")
    phone.finalize(session_id)
    phone.until(session_id)
    assert phone.search("what to buy at the weekend")
    assert phone.answer("DELETE", f"/api/sessions/{session_id}").status_code == 204
    assert phone.search("what to buy at the weekend", threshold=0) == []
    assert phone.answer("GET", f"/api/sessions/{session_id}").status_code == 404


def test_an_upload_url_takes_exactly_the_declared_bytes_once(phone: Phone, picture: bytes) -> None:
    session_id = phone.open_session("image")
    upload = phone.presign(session_id, picture, media_type="image", content_type="image/png")
    url, headers = upload["upload_url"], upload["headers"]
    assert _put(phone.http, url, picture + b"x", headers).status_code == 403
    assert _put(phone.http, url, picture, {**headers, "Content-Type": "text/html"}).status_code == 403
    assert _put(phone.http, url.replace("X-Amz-Expires=600", "X-Amz-Expires=6000"), picture, headers).status_code == 403
    assert _put(phone.http, url.replace("/image/", "/audio/"), picture, headers).status_code == 403
    assert _put(phone.http, url, picture, {"Content-Type": "image/png"}).status_code == 403
    assert _put(phone.http, url, picture, headers).status_code == 200
    assert _put(phone.http, url, picture, headers).status_code == 412
    assert phone.call("POST", "/api/uploads/commit", {"media_id": upload["media_id"]})["status"] == "uploaded"


def test_a_bad_token_never_reaches_a_function(served: Served, http: httpx.Client) -> None:
    for headers in ({}, {"authorization": "Bearer nonsense"}, {"authorization": "Basic YTpi"}):
        assert http.get(f"{served.url}/api/me", headers=headers).status_code == 401
    expired = http.get(f"{served.url}/dev/token", params={"uid": "late", "expires_in": "-10"}).text
    assert http.get(f"{served.url}/api/me", headers={"authorization": f"Bearer {expired}"}).status_code == 401


def test_health_names_every_part_and_needs_no_token(served: Served, http: httpx.Client) -> None:
    answer = http.get(f"{served.url}/api/health")
    assert answer.status_code == 200
    parts = {name: value for name, value in answer.json().items() if name != "version"}
    assert parts == {"status": "healthy", "database": "connected", "queue": "connected", "storage": "connected"}
    assert http.get(f"{served.url}/api/health/live").json()["status"] == "alive"


def _put(http: httpx.Client, url: str, content: bytes, headers: dict[str, str]) -> httpx.Response:
    plain = {name: value for name, value in headers.items() if name != "Content-Length"}
    return http.put(url, content=content, headers=plain)


def _until_found(phone: Phone, query: str, text: str, seconds: float = 20) -> list[dict[str, Any]]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        hits = phone.search(query, threshold=0)
        if any(hit["text"] == text for hit in hits):
            return hits
        time.sleep(0.1)
    raise AssertionError(f"{text!r} was not found within {seconds} s")
