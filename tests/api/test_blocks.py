"""Blocks over HTTP."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.fixtures.phone import Phone

BLOCK = {
    "id",
    "session_id",
    "block_type",
    "text_content",
    "text_origin",
    "segments",
    "media_id",
    "metadata",
    "captured_at",
    "created_at",
    "updated_at",
    "version",
}


@pytest.fixture
def path(alice: Phone) -> str:
    return f"/api/sessions/{alice.session()}/blocks"


def of(path: str) -> str:
    return path.removesuffix("/blocks")


def test_a_block_is_added_and_stored_as_it_was_sent(alice: Phone, path: str) -> None:
    text = "'; DROP TABLE users; -- %s %(x)s \\ \u202e RTL \u200b zero-width 🧠 \U0001f468\u200d\U0001f469"
    sent = {
        "block_type": "marker",
        "id": str(uuid4()),
        "text_content": text,
        "metadata": {"place": {"lat": -33.5, "tags": ["á", None, True]}},
        "captured_at": "2026-03-01T10:00:00+02:00",
    }
    answer = alice.call("POST", path, sent)
    assert answer.status == 201
    added = answer.json()
    assert added.keys() == BLOCK
    assert added["text_content"] == text
    assert added["metadata"] == sent["metadata"]
    assert (added["text_origin"], added["captured_at"]) == ("user", "2026-03-01T08:00:00Z")
    assert alice.ok("GET", of(path))["blocks"] == [added]


def test_a_list_keeps_its_order_whatever_ids_the_app_made(alice: Phone, path: str) -> None:
    blocks = [{"block_type": "marker", "id": str(uuid4()), "text_content": str(n)} for n in range(20)]
    alice.call("POST", path, blocks)
    stored = alice.ok("GET", of(path))["blocks"]
    assert [block["text_content"] for block in stored] == [str(n) for n in range(20)]


def test_a_hundred_blocks_at_once(alice: Phone, path: str) -> None:
    blocks = [{"block_type": "marker", "id": str(uuid4()), "text_content": str(n)} for n in range(100)]
    first, again = alice.call("POST", path, blocks), alice.call("POST", path, blocks)
    assert (first.status, again.status) == (201, 200)
    assert first.body == again.body
    assert [block["text_content"] for block in first.json()["blocks"]] == [str(n) for n in range(100)]
    assert alice.refused("POST", path, [*blocks, {"block_type": "marker"}]) == (422, "value_invalid")
    assert len(alice.ok("GET", of(path))["blocks"]) == 100


def test_after_finalize_a_stored_block_is_answered_and_a_new_one_refused(alice: Phone, path: str) -> None:
    block = {"block_type": "marker", "id": str(uuid4()), "text_content": "x"}
    first = alice.call("POST", path, block)
    alice.ok("POST", f"{of(path)}/finalize", {"ai": False})
    again = alice.call("POST", path, block)
    assert (again.status, again.body) == (200, first.body)
    assert alice.refused("POST", path, {"block_type": "marker"}) == (409, "session_not_open")


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        [{}],
        [[]],
        {"block_type": "video"},
        {"block_type": "marker", "text_content": 5},
        {"block_type": "marker", "text_content": "x" * 100_001},
        {"block_type": "marker", "metadata": []},
        {"block_type": "marker", "metadata": {"x": "y" * 1001}},
        {"block_type": "marker", "captured_at": "yesterday"},
        {"block_type": "marker", "captured_at": "2026-01-01T00:00:00"},
        {"block_type": "marker", "captured_at": "9999-12-31T23:59:59-12:00"},
        {"block_type": "marker", "captured_at": "0001-01-01T00:00:00+14:00"},
        {"block_type": "marker", "captured_at": "20260-01-01T00:00:00Z"},
        {"block_type": "marker", "captured_at": "1700000000"},
        {"block_type": "marker", "captured_at": 1700000000},
        {"block_type": "marker", "metadata": {"n": [1e300, 1e301, 1e302, 1e303, 1e304, 1e305, 1e306, 1e307]}},
        {"block_type": "marker", "media_id": "x"},
        {"block_type": "marker", "session_id": str(uuid4())},
        {"block_type": "marker", "user_id": str(uuid4())},
        {"block_type": "marker", "text_origin": "groq"},
        {"block_type": "marker", "segments": []},
        {"block_type": "marker", "made_by": "upload"},
        [{"block_type": "marker"}, {"block_type": "marker", "x": 1}],
    ],
)
def test_a_block_of_a_wrong_shape_is_refused(alice: Phone, path: str, body: Any) -> None:
    assert alice.refused("POST", path, body) == (422, "value_invalid")
    assert alice.ok("GET", of(path))["blocks"] == []


def test_errors_of_a_list_name_the_block(alice: Phone, path: str) -> None:
    problem = alice.call("POST", path, [{"block_type": "marker"}, {"block_type": "x"}]).json()
    assert [(entry["pointer"], entry["code"]) for entry in problem["errors"]] == [("/1/block_type", "enum")]
    problem = alice.call("POST", path, {"block_type": "x"}).json()
    assert [entry["pointer"] for entry in problem["errors"]] == ["/block_type"]


def test_metadata_may_have_a_thousand_characters(alice: Phone, path: str) -> None:
    room = 1000 - len(json.dumps({"x": ""}, separators=(",", ":")))
    exact = {"block_type": "marker", "metadata": {"x": "é" * room}}
    assert alice.call("POST", path, exact).status == 201
    exact["metadata"]["x"] += "é"  # pyright: ignore[reportIndexIssue, reportArgumentType, reportCallIssue]
    assert alice.refused("POST", path, exact) == (422, "value_invalid")


def test_media_is_named_by_a_block_of_its_kind_once(alice: Phone, path: str) -> None:
    media_id = alice.presign(path.split("/")[3])["media_id"]
    voice = {"block_type": "voice", "media_id": media_id}
    assert alice.refused("POST", path, {**voice, "block_type": "image"}) == (422, "value_invalid")
    assert alice.call("POST", path, voice).status == 201
    assert alice.refused("POST", path, voice) == (409, "block_exists")
    elsewhere = alice.presign(alice.session())["media_id"]
    assert alice.refused("POST", path, {**voice, "media_id": elsewhere}) == (404, "not_found")


def test_an_empty_text_is_none_so_that_the_recording_is_still_read(alice: Phone, path: str) -> None:
    media_id = alice.presign(path.split("/")[3])["media_id"]
    block = alice.ok("POST", path, {"block_type": "voice", "media_id": media_id, "text_content": ""})
    assert (block["text_content"], block["text_origin"]) == (None, None)


def test_a_block_is_edited_and_deleted(alice: Phone, path: str) -> None:
    block = alice.ok("POST", path, {"block_type": "marker", "text_content": "old", "metadata": {"a": 1}})
    one = f"{path}/{block['id']}"
    assert (
        alice.ok("PATCH", one, {"text_content": "new"}).items() >= {"text_content": "new", "metadata": {"a": 1}}.items()
    )
    assert alice.ok("PATCH", one, {"metadata": {}})["metadata"] == {}
    for body in ({"block_type": "voice"}, {"media_id": str(uuid4())}, {"text_content": 1}, {"metadata": "x"}):
        assert alice.refused("PATCH", one, body) == (422, "value_invalid")
    assert alice.call("DELETE", one).status == 204
    assert alice.refused("DELETE", one) == (404, "not_found")
    assert alice.refused("PATCH", one, {"text_content": "x"}) == (404, "not_found")


def test_blocks_under_work_are_left_alone(alice: Phone, path: str) -> None:
    block = alice.ok("POST", path, {"block_type": "marker", "text_content": "x"})
    alice.ok("POST", f"{of(path)}/finalize")
    one = f"{path}/{block['id']}"
    assert alice.refused("PATCH", one, {"text_content": "y"}) == (409, "session_processing")
    assert alice.refused("DELETE", one) == (409, "session_processing")
