"""Processing a session later, over HTTP."""

from typing import Any

import psycopg
import pytest

from tests.fixtures.captured import Backend, set_credits
from tests.fixtures.phone import Phone

STARTED = "AI processing started."


def kept_raw(phone: Phone) -> str:
    session_id = phone.session()
    phone.block(session_id, text_content="Buy milk.")
    assert phone.ok("POST", f"/api/sessions/{session_id}/finalize", {"ai": False})["status"] == "raw_only"
    return session_id


def have_credits(everything: psycopg.Connection, api: Backend, phone: Phone, amount: int) -> None:
    assert phone.uid is not None
    set_credits(everything, api.user(phone.uid), amount)


def test_a_session_is_processed_later_and_a_repeat_answers_the_same(alice: Phone, api: Backend) -> None:
    session_id = kept_raw(alice)
    path = f"/api/sessions/{session_id}"
    finalized = alice.ok("POST", f"{path}/finalize")
    first, again = alice.call("POST", f"{path}/process"), alice.call("POST", f"{path}/process", {})
    assert first.json() == {"message": STARTED, "session_id": session_id, "status": "pending_processing"}
    assert (first.status, first.body) == (again.status, again.body) == (200, first.body)
    assert alice.ok("GET", "/api/me/credits") == {"credits": 2}
    assert sorted(api.queue.names()) == ["embed", "summarise"]
    whole = alice.ok("GET", path)
    assert (whole["status"], whole["failure_reason"], whole["processed_at"]) == ("pending_processing", None, None)
    assert alice.ok("POST", f"{path}/finalize") == finalized


def test_without_credits_it_is_refused_until_there_are_some(
    alice: Phone, api: Backend, everything: psycopg.Connection
) -> None:
    path = f"/api/sessions/{kept_raw(alice)}"
    have_credits(everything, api, alice, 0)
    before = alice.ok("GET", path)
    assert alice.refused("POST", f"{path}/process") == (402, "credits_insufficient")
    assert alice.ok("GET", path) == before
    have_credits(everything, api, alice, 1)
    assert alice.ok("POST", f"{path}/process")["status"] == "pending_processing"
    assert alice.ok("GET", "/api/me/credits") == {"credits": 0}


def test_an_open_a_processed_and_an_empty_session_are_refused(alice: Phone, everything: psycopg.Connection) -> None:
    session_id = alice.session()
    path = f"/api/sessions/{session_id}"
    assert alice.refused("POST", f"{path}/process") == (409, "session_open")
    alice.ok("POST", f"{path}/finalize")
    assert alice.refused("POST", f"{path}/process") == (409, "session_empty")
    everything.execute("UPDATE sessions SET status = 'processed' WHERE id = %s", [session_id])
    assert alice.refused("POST", f"{path}/process") == (409, "session_processed")
    assert alice.ok("GET", "/api/me/credits") == {"credits": 3}


@pytest.mark.parametrize("body", [{"ai": True}, {"credits": 0}, {"force": True}, [], "now"])
def test_processing_takes_no_wishes(alice: Phone, body: Any) -> None:
    path = f"/api/sessions/{kept_raw(alice)}"
    assert alice.refused("POST", f"{path}/process", body) == (422, "value_invalid")
    assert alice.ok("GET", path)["status"] == "raw_only"


def test_deleting_before_any_work_gives_the_credit_back(alice: Phone) -> None:
    session_id = alice.session()
    alice.block(session_id, text_content="Buy milk.")
    alice.ok("POST", f"/api/sessions/{session_id}/finalize")
    assert alice.ok("GET", "/api/me/credits") == {"credits": 2}
    assert alice.call("DELETE", f"/api/sessions/{session_id}").status == 204
    assert alice.ok("GET", "/api/me/credits") == {"credits": 3}
