"""Sync over HTTP: the feed a phone follows, and what it is told of what it holds."""

import base64
from typing import Any
from uuid import uuid4

import pytest

from tests.fixtures.captured import CONTENT, Backend
from tests.fixtures.phone import Phone

CHANGES, RECONCILE = "/api/sync/changes", "/api/sync/reconcile"
SHA256 = "ab" * 32


def changes(phone: Phone, **query: Any) -> Any:
    return phone.ok("GET", CHANGES, query=query)


def uploaded(phone: Phone, api: Backend, session_id: str, **fields: Any) -> str:
    media = phone.presign(session_id, **fields)
    api.store.put(media["object_key"], CONTENT)
    assert phone.ok("POST", "/api/uploads/commit", {"media_id": media["media_id"]})["status"] == "uploaded"
    return media["media_id"]


def told_of(phone: Phone, *items: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    answered = phone.ok("POST", RECONCILE, {"items": list(items)})["items"]
    assert [(entry["id"], entry["type"]) for entry in answered] == [
        (item["id"], item.get("type", "media")) for item in items
    ]
    return [(entry["state"], entry["reason"], entry["verified_by"]) for entry in answered]


def test_a_phone_is_told_what_it_would_read_and_what_is_gone(alice: Phone, api: Backend) -> None:
    session_id = alice.session()
    media_id = uploaded(alice, api, session_id)
    whole = alice.ok("GET", f"/api/sessions/{session_id}")
    page = changes(alice)
    bodies = {(change["kind"], change["id"]): change["body"] for change in page["changes"]}
    assert not any(change["deleted"] for change in page["changes"])
    (session,) = alice.ok("GET", "/api/sessions")["sessions"]
    assert bodies == {
        ("session", session_id): session,
        ("block", whole["blocks"][0]["id"]): whole["blocks"][0],
        ("media", media_id): whole["media"][0],
    }
    assert whole["media"][0]["session_id"] == session_id
    alice.ok("DELETE", f"/api/sessions/{session_id}")
    after = changes(alice, cursor=page["next_cursor"])
    assert sorted(after["changes"], key=lambda change: change["kind"]) == [
        {"kind": "block", "id": whole["blocks"][0]["id"], "deleted": True},
        {"kind": "media", "id": media_id, "deleted": True},
        {"kind": "session", "id": session_id, "deleted": True},
    ]


def test_the_cursor_is_there_from_the_first_answer_and_stays_where_nothing_changes(alice: Phone) -> None:
    alice.ok("GET", "/api/me")
    empty = changes(alice)
    assert (empty["changes"], empty["has_more"]) == ([], False)
    assert changes(alice, cursor=empty["next_cursor"]) == empty
    session_id = alice.session()
    assert [change["id"] for change in changes(alice, cursor=empty["next_cursor"])["changes"]] == [session_id]


def test_pages_are_as_long_as_asked_and_say_whether_there_are_more(alice: Phone) -> None:
    ids = [alice.session() for _ in range(5)]
    pages = [changes(alice, limit=2)]
    while pages[-1]["has_more"]:
        pages.append(changes(alice, limit=2, cursor=pages[-1]["next_cursor"]))
    assert [[change["id"] for change in page["changes"]] for page in pages] == [ids[:2], ids[2:4], ids[4:]]
    assert changes(alice, limit=500) == changes(alice)


@pytest.mark.parametrize("limit", ["0", "501", "-1", "x", "1.5", ""])
def test_a_limit_out_of_range_is_refused(alice: Phone, limit: str) -> None:
    assert alice.refused("GET", CHANGES, query={"limit": limit}) == (422, "value_invalid")


def written(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "\u00e9",
        "AAAA====",
        written(""),
        written("|||"),
        written(f"{uuid4()}|1|session"),
        written(f"{uuid4()}|x|session|{uuid4()}"),
        written(f"{uuid4()}|-1|session|{uuid4()}"),
        written(f"{uuid4()}|{2**63}|session|{uuid4()}"),
        written(f"{uuid4()}|1|user|{uuid4()}"),
        written(f"{uuid4()}|1|session|x"),
        written(f"{uuid4()}|1|session|{uuid4()}"),
    ],
    ids=range(13),
)
def test_a_cursor_of_nobodys_is_refused(alice: Phone, cursor: str) -> None:
    assert alice.refused("GET", CHANGES, query={"cursor": cursor}) == (422, "cursor_invalid")


def test_a_cursor_of_anothers_feed_shows_nothing(alice: Phone, bob: Phone) -> None:
    bob.session()
    alice.session()
    assert alice.refused("GET", CHANGES, query={"cursor": changes(bob)["next_cursor"]}) == (422, "cursor_invalid")


def test_a_phone_is_told_what_we_have_of_what_it_holds(alice: Phone, api: Backend) -> None:
    session_id = alice.session()
    known = uploaded(alice, api, session_id, sha256=SHA256)
    pending = alice.presign(session_id)["media_id"]
    block_id = alice.block(session_id, text_content="Milk.")["id"]
    assert told_of(
        alice,
        {"id": known, "size_bytes": len(CONTENT), "sha256": SHA256},
        {"id": known, "type": "media", "size_bytes": len(CONTENT)},
        {"id": known, "size_bytes": len(CONTENT) + 1},
        {"id": known, "sha256": "cd" * 32},
        {"id": pending},
        {"id": session_id, "type": "session"},
        {"id": block_id, "type": "block", "size_bytes": None},
        {"id": session_id},
        {"id": known, "type": "session"},
    ) == [
        ("stored", "open", "sha256"),
        ("stored", "open", "size_bytes"),
        ("missing", "other_bytes", None),
        ("missing", "other_bytes", None),
        ("missing", "not_uploaded", None),
        ("stored", "open", None),
        ("stored", "open", None),
        ("missing", "unknown", None),
        ("missing", "unknown", None),
    ]
    alice.ok("POST", f"/api/sessions/{session_id}/finalize")
    items = [{"id": known}, {"id": session_id, "type": "session"}, {"id": block_id, "type": "block"}]
    assert told_of(alice, *items) == [("processing", None, None)] * 3
    assert told_of(alice) == []


def test_anothers_things_are_missing_as_random_ones_are(alice: Phone, bob: Phone, api: Backend) -> None:
    session_id = bob.session()
    held = {
        "media": uploaded(bob, api, session_id),
        "session": session_id,
        "block": bob.block(session_id, text_content="Bob's")["id"],
    }
    theirs = told_of(alice, *({"id": of, "type": kind} for kind, of in held.items()))
    random = told_of(alice, *({"id": str(uuid4()), "type": kind} for kind in held))
    assert theirs == random == [("missing", "unknown", None)] * 3


def test_five_hundred_things_at_once_and_no_more(alice: Phone) -> None:
    items = [{"id": str(uuid4()), "size_bytes": 2**53 - 1, "sha256": SHA256} for _ in range(501)]
    assert told_of(alice, *items[:500]) == [("missing", "unknown", None)] * 500
    assert alice.refused("POST", RECONCILE, {"items": items}) == (422, "value_invalid")


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"id": "x"},
        {"id": str(uuid4()), "type": "user"},
        {"id": str(uuid4()), "size_bytes": -1},
        {"id": str(uuid4()), "size_bytes": "9"},
        {"id": str(uuid4()), "sha256": "AB" * 32},
        {"id": str(uuid4()), "state": "done"},
        {"id": str(uuid4()), "type": "session", "size_bytes": 9},
        {"id": str(uuid4()), "type": "block", "sha256": SHA256},
    ],
    ids=range(9),
)
def test_an_item_of_a_wrong_shape_is_refused(alice: Phone, item: Any) -> None:
    assert alice.refused("POST", RECONCILE, {"items": [item]}) == (422, "value_invalid")
