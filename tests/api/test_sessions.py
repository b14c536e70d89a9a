"""Sessions over HTTP: created once, listed whole, edited, deleted, finalized."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.fixtures.captured import Backend
from tests.fixtures.phone import Phone

SESSION = {
    "id",
    "session_type",
    "status",
    "language",
    "time_zone",
    "title",
    "summary",
    "failure_reason",
    "created_at",
    "updated_at",
    "finalized_at",
    "processed_at",
    "version",
}
STARTED = "Session finalized. AI processing started."
NO_CREDITS = "Session finalized without AI processing (no credits available)."


def test_a_session_is_created_and_read(alice: Phone) -> None:
    answer = alice.call("POST", "/api/sessions", {"session_type": "voice", "title": " A walk ", "language": "pt"})
    assert answer.status == 201
    created = answer.json()
    assert created.keys() == SESSION
    assert (created["title"], created["language"], created["status"]) == ("A walk", "pt", "open")
    whole = alice.ok("GET", f"/api/sessions/{created['id']}")
    assert {key: whole[key] for key in SESSION} == created
    assert (whole["blocks"], whole["media"], whole["steps"]) == ([], [], [])


def test_the_same_id_again_is_the_same_session(alice: Phone) -> None:
    body = {"session_type": "mixed", "id": str(uuid4())}
    first, again = alice.call("POST", "/api/sessions", body), alice.call("POST", "/api/sessions", body)
    assert (first.status, again.status) == (201, 200)
    assert first.body == again.body


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"session_type": "video"},
        {"session_type": None},
        {"session_type": "voice", "id": "not-an-id"},
        {"session_type": "voice", "id": 5},
        {"session_type": "voice", "title": "   "},
        {"session_type": "voice", "title": "x" * 201},
        {"session_type": "voice", "title": ["x"]},
        {"session_type": "voice", "language": "x"},
        {"session_type": "voice", "status": "processed"},
        {"session_type": "voice", "user_id": str(uuid4())},
        {"session_type": "voice", "ai_summary": "x"},
        {"session_type": "voice", "created_at": "2020-01-01T00:00:00Z"},
        [],
        "voice",
        7,
        None,
    ],
)
def test_a_session_of_a_wrong_shape_is_refused(alice: Phone, body: Any) -> None:
    assert alice.refused("POST", "/api/sessions", body) == (422, "value_invalid")
    assert alice.ok("GET", "/api/sessions")["sessions"] == []


def test_errors_name_the_field_by_its_pointer(alice: Phone) -> None:
    problem = alice.call("POST", "/api/sessions", {"session_type": "x", "a/b~c": 1}).json()
    assert {entry["pointer"]: entry["code"] for entry in problem["errors"]} == {
        "/session_type": "enum",
        "/a~1b~0c": "extra_forbidden",
    }


def test_title_and_language_are_edited_and_what_is_left_out_stays(alice: Phone) -> None:
    session_id = alice.session(title="Old", language="pt")
    path = f"/api/sessions/{session_id}"
    assert alice.ok("PATCH", path, {"title": "New"}).items() >= {"title": "New", "language": "pt"}.items()
    assert alice.ok("PATCH", path, {"language": "en"}).items() >= {"title": "New", "language": "en"}.items()
    assert alice.ok("PATCH", path)["title"] == "New"
    for body in ({"status": "processed"}, {"title": ""}, {"session_type": "voice"}, {"id": str(uuid4())}):
        assert alice.refused("PATCH", path, body) == (422, "value_invalid")


def test_a_deleted_session_is_gone_with_its_objects(alice: Phone, api: Backend, everything: psycopg.Connection) -> None:
    session_id = alice.session()
    media = alice.presign(session_id)
    api.store.put(media["object_key"], b"123456789")
    alice.ok("POST", "/api/uploads/commit", {"media_id": media["media_id"]})
    path = f"/api/sessions/{session_id}"
    assert alice.call("DELETE", path).status == 204
    assert alice.refused("GET", path) == (404, "not_found")
    assert alice.refused("DELETE", path) == (404, "not_found")
    assert [m.body for m in api.queue.sent_to("discard-objects")] == [{"object_keys": [media["object_key"]]}]
    left = everything.execute("SELECT count(*) FROM media_files WHERE session_id = %s", [session_id]).fetchone()
    assert left == (0,)


def walk(phone: Phone, **query: Any) -> list[str]:
    """Ids of every page, in order."""
    ids: list[str] = []
    for _ in range(50):
        page = phone.ok("GET", "/api/sessions", query=query)
        ids += [session["id"] for session in page["sessions"]]
        if page["next_cursor"] is None:
            return ids
        query["cursor"] = page["next_cursor"]
    raise AssertionError("the pages never end")


@pytest.mark.parametrize("limit", [1, 3, 4, 11, 12, 100])
def test_pages_walk_every_session_once_newest_first(
    alice: Phone, bob: Phone, everything: psycopg.Connection, limit: int
) -> None:
    made = [alice.session() for _ in range(12)]
    bob.session()
    # Some made in the same microsecond: the id decides then.
    everything.execute("UPDATE sessions SET created_at = '2026-01-01' WHERE id = ANY(%s)", [made[3:9]])
    expected = [*reversed(made[9:]), *reversed(made[:3]), *sorted(made[3:9], reverse=True)]
    assert walk(alice, limit=limit) == expected


def test_a_session_made_while_walking_moves_nothing(alice: Phone) -> None:
    made = [alice.session() for _ in range(4)]
    page = alice.ok("GET", "/api/sessions", query={"limit": 2})
    alice.session()
    rest = walk(alice, limit=2, cursor=page["next_cursor"])
    assert [session["id"] for session in page["sessions"]] + rest == list(reversed(made))


@pytest.mark.parametrize(
    "cursor",
    ["x", "", "====", "AAAA", "MjAyNi0wMS0wMQ==", "☃", "MjAyNi0wMS0wMVQwMDowMDowMHxub3QtYW4taWQ=", "x" * 201, "a b"],
)
def test_a_cursor_of_ones_own_making_is_refused(alice: Phone, cursor: str) -> None:
    status, code = alice.refused("GET", "/api/sessions", query={"cursor": cursor})
    assert (status, code) in {(422, "cursor_invalid"), (422, "value_invalid")}


def test_lists_are_narrowed(alice: Phone, everything: psycopg.Connection) -> None:
    voice, image = alice.session(session_type="voice", title="Groceries"), alice.session(session_type="image")
    alice.block(image, text_content="100% of the \\ milk_")
    alice.ok("POST", f"/api/sessions/{voice}/finalize", {"ai": False})
    everything.execute("UPDATE sessions SET created_at = '2025-05-05T12:00:00Z' WHERE id = %s", [voice])

    assert walk(alice, status="raw_only") == [voice]
    assert walk(alice, session_type="image") == [image]
    assert walk(alice, q="groc") == [voice]
    assert walk(alice, q="100% of") == walk(alice, q="milk_") == walk(alice, q="\\") == [image]
    assert walk(alice, q="1_0%") == []
    assert walk(alice, to="2025-06-01T00:00:00Z") == [voice]
    assert walk(alice, **{"from": "2025-05-05T12:00:00Z", "to": "2025-05-05T12:00:01Z"}) == [voice]
    assert walk(alice, to="2025-05-05T12:00:00Z") == []
    assert walk(alice, **{"from": "2025-05-05T14:00:00+02:00", "status": "open"}) == [image]


@pytest.mark.parametrize(
    "query",
    [
        {"status": "gone"},
        {"session_type": "x"},
        {"from": "yesterday"},
        {"from": "2025-01-01T00:00:00"},
        {"to": "99999-01-01T00:00:00Z"},
        {"from": "1"},
        {"to": "1700000000"},
        {"q": " "},
        {"q": "x" * 201},
        {"limit": "1.5"},
        {"created_from": "2025-01-01T00:00:00Z"},
        {"unknown": "x"},
        {"q": "a\x00b"},
    ],
)
def test_a_wrong_filter_is_refused(alice: Phone, query: dict[str, str]) -> None:
    assert alice.refused("GET", "/api/sessions", query=query) == (422, "value_invalid")


def test_finalizing_starts_the_work_and_answers_the_same_again(alice: Phone, api: Backend) -> None:
    session_id = alice.session()
    alice.block(session_id, text_content="Buy milk.")
    path = f"/api/sessions/{session_id}/finalize"
    first, again = alice.call("POST", path), alice.call("POST", path, {})
    assert first.json() == {"message": STARTED, "session_id": session_id, "status": "pending_processing"}
    assert (first.status, first.body) == (again.status, again.body) == (200, first.body)
    assert alice.ok("GET", "/api/me/credits") == {"credits": 2}
    steps = alice.ok("GET", f"/api/sessions/{session_id}")["steps"]
    assert [(step["kind"], step["state"], step["attempts"]) for step in steps] == [
        ("embed", "ready", 0),
        ("summarise", "ready", 0),
    ]
    assert all(step["age_seconds"] >= 0 for step in steps)
    assert sorted(api.queue.names()) == ["embed", "summarise"]


def test_a_fourth_session_finds_no_credits(alice: Phone) -> None:
    answers: list[Any] = []
    for _ in range(4):
        session_id = alice.session()
        alice.block(session_id, text_content="x")
        answers.append(alice.ok("POST", f"/api/sessions/{session_id}/finalize"))
    assert [answer["status"] for answer in answers] == ["pending_processing"] * 3 + ["no_credits"]
    assert answers[3]["message"] == NO_CREDITS
    assert alice.ok("GET", "/api/me/credits") == {"credits": 0}


def test_a_session_that_waits_for_its_upload_says_so(alice: Phone) -> None:
    session_id = alice.session()
    media = alice.presign(session_id)
    alice.ok("POST", f"/api/sessions/{session_id}/finalize")
    steps = {step["kind"]: step for step in alice.ok("GET", f"/api/sessions/{session_id}")["steps"]}
    waiting = steps["transcribe"]
    assert (waiting["state"], waiting["reason"], waiting["media_id"]) == ("waiting", "upload", media["media_id"])
    assert (steps["embed"]["state"], steps["embed"]["reason"]) == ("waiting", "text")


@pytest.mark.parametrize("body", [{"ai": "false"}, {"ai": 0}, {"ai": None}, {"price": 0}, []])
def test_finalizing_takes_a_truth_value_and_nothing_else(alice: Phone, body: Any) -> None:
    session_id = alice.session()
    assert alice.refused("POST", f"/api/sessions/{session_id}/finalize", body) == (422, "value_invalid")
    assert alice.ok("GET", f"/api/sessions/{session_id}")["status"] == "open"


def test_a_queue_that_is_down_does_not_show_to_the_phone(alice: Phone, api: Backend) -> None:
    api.queue.down |= {"embed", "summarise"}
    session_id = alice.session()
    alice.block(session_id, text_content="x")
    assert alice.ok("POST", f"/api/sessions/{session_id}/finalize")["status"] == "pending_processing"
