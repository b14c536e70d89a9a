"""Edits that name the version they are based on: what somebody else wrote meanwhile is never overwritten unseen."""

from typing import Any

import pytest

from tests.fixtures.phone import Phone


@pytest.fixture
def session_id(alice: Phone) -> str:
    return alice.session(title="First")


@pytest.fixture
def block(alice: Phone, session_id: str) -> Any:
    return alice.block(session_id, text_content="First.")


def test_a_version_grows_with_each_change_and_with_nothing_else(alice: Phone, session_id: str) -> None:
    one = f"/api/sessions/{session_id}"
    titles = ["First", "Second", "Second", "Third"]
    assert [alice.ok("PATCH", one, {"title": title})["version"] for title in titles] == [1, 2, 2, 3]
    assert alice.ok("POST", one + "/finalize")
    assert alice.ok("GET", one)["version"] == 4


def test_a_conflict_tells_what_is_stored_and_what_was_sent(alice: Phone, session_id: str, block: Any) -> None:
    path = f"/api/sessions/{session_id}/blocks/{block['id']}"
    theirs = alice.ok("PATCH", path, {"text_content": "Theirs.", "base_version": 1})
    sent = {"text_content": "Mine, \u4e2d and \U0001f4dd.", "metadata": {"a": [1, None]}, "base_version": 1}
    answer = alice.call("PATCH", path, sent)
    assert (answer.status, answer.code) == (409, "version_conflict")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["current"] == theirs == alice.ok("GET", f"/api/sessions/{session_id}")["blocks"][0]
    assert answer.json()["yours"] == sent
    merged = {"text_content": "Both.", "base_version": theirs["version"]}
    assert alice.ok("PATCH", path, merged)["version"] == 3


def test_a_sessions_conflict_shows_the_session(alice: Phone, session_id: str) -> None:
    one = f"/api/sessions/{session_id}"
    theirs = alice.ok("PATCH", one, {"title": "Theirs"})
    answer = alice.call("PATCH", one, {"title": "Mine", "base_version": 1})
    assert (answer.status, answer.code) == (409, "version_conflict")
    assert answer.json()["current"] == theirs
    assert answer.json()["yours"] == {"title": "Mine", "base_version": 1}
    assert alice.ok("GET", one)["title"] == "Theirs"


def test_a_repeat_of_what_is_stored_already_is_no_conflict(alice: Phone, session_id: str, block: Any) -> None:
    """The answer to the first try was lost: the phone still names the version it saw."""
    for path, body in (
        (f"/api/sessions/{session_id}", {"title": "Mine", "base_version": 1}),
        (f"/api/sessions/{session_id}/blocks/{block['id']}", {"text_content": "Mine.", "base_version": 1}),
    ):
        assert alice.ok("PATCH", path, body) == alice.ok("PATCH", path, body)


def test_without_a_base_version_the_last_one_wins(alice: Phone, session_id: str) -> None:
    one = f"/api/sessions/{session_id}"
    alice.ok("PATCH", one, {"title": "Theirs"})
    assert alice.ok("PATCH", one, {"title": "Mine"})["version"] == 3


def test_what_was_changed_meanwhile_is_not_deleted_unseen(alice: Phone, session_id: str, block: Any) -> None:
    paths = (f"/api/sessions/{session_id}/blocks/{block['id']}", f"/api/sessions/{session_id}")
    for path, change in zip(paths, ({"text_content": "Theirs."}, {"title": "Theirs"}), strict=True):
        theirs = alice.ok("PATCH", path, change)
        answer = alice.call("DELETE", path, query={"base_version": 1})
        assert (answer.status, answer.code) == (409, "version_conflict")
        assert (answer.json()["current"], answer.json()["yours"]) == (theirs, {})
        assert alice.call("DELETE", path, query={"base_version": 2}).status == 204


@pytest.mark.parametrize("version", [0, -1, 2**31, 1.5, "1", True])
def test_a_version_that_cannot_be_is_refused(alice: Phone, session_id: str, version: Any) -> None:
    body = {"title": "Mine", "base_version": version}
    assert alice.refused("PATCH", f"/api/sessions/{session_id}", body) == (422, "value_invalid")
