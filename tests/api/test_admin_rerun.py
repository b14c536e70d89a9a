"""A step done once more, by the administrator's route."""

from typing import Any
from uuid import uuid4

import psycopg

from tests.fixtures.deeds import count_deeds, id_of
from tests.fixtures.phone import Phone
from tests.fixtures.storefront import RolePhone

WHY = {"reason": "It was garbled."}


def finalized(phone: Phone) -> dict[str, Any]:
    session = phone.ok("POST", "/api/sessions", {"session_type": "voice"})
    path = f"/api/sessions/{session['id']}"
    phone.ok("POST", f"{path}/blocks", {"block_type": "marker", "text_content": "Milk."})
    phone.ok("POST", f"{path}/finalize", {})
    return phone.ok("GET", path)


def test_a_session_under_way_a_foreign_step_and_a_missing_reason_are_refused(
    administrator: RolePhone, alice: Phone, everything: psycopg.Connection
) -> None:
    step = finalized(alice)["steps"][0]
    users = f"/api/admin/users/{id_of(everything, alice)}/steps"
    assert step["due_at"] is None
    assert administrator.refused("POST", f"{users}/{step['id']}/rerun", WHY) == (409, "session_processing")
    assert administrator.refused("POST", f"{users}/{uuid4()}/rerun", WHY) == (404, "not_found")
    assert administrator.refused("POST", f"{users}/{step['id']}/rerun", {}) == (422, "value_invalid")
    assert count_deeds(everything) == 0


def test_only_an_administrator_may(alice: Phone, everything: psycopg.Connection) -> None:
    step = finalized(alice)["steps"][0]
    path = f"/api/admin/users/{id_of(everything, alice)}/steps/{step['id']}/rerun"
    assert alice.call("POST", path, WHY).status == 403


def test_the_answer_names_the_job(administrator: RolePhone, alice: Phone, everything: psycopg.Connection) -> None:
    session = finalized(alice)
    everything.execute("UPDATE sessions SET status = 'processed' WHERE id = %s", [session["id"]])
    path = f"/api/admin/users/{id_of(everything, alice)}/steps/{session['steps'][1]['id']}/rerun"
    answer = administrator.call("POST", path, WHY)
    assert answer.status == 202
    found = everything.execute("SELECT credits_used FROM ai_jobs WHERE id = %s", [answer.json()["job_id"]])
    assert found.fetchone() == (0,)
    assert alice.ok("GET", "/api/me/credits") == {"credits": 2}
